#include "pipeline/gateway/retold.h"

#include <algorithm>

namespace signalbox::gateway {
namespace {

bool RetellWhole(const request::Call& call, const wire::Served& served, std::string_view body,
                 Scratch& scratch, std::string& out) {
  if (!scratch.answer.Parse(body)) {
    return false;
  }
  auto response = call.dialect->ParseAnswer(scratch.answer.Root());
  if (!response) {
    return false;
  }
  response->dialect.clear();  // else it would be told as it came, with what it said of its way
  call.dialect->AddServed(served, *response);
  out = call.dialect->RenderAnswer(*response);
  return true;
}

bool RetellStream(const request::Call& call, const wire::Served& served, std::string_view body,
                  std::string& out) {
  const auto parser = call.dialect->NewStreamParser();
  const auto renderer = call.dialect->NewStreamRenderer(false, {.framing = call.framing});
  parser->Feed(body);
  chat::EventBatch events;
  while (true) {
    events.clear();
    const auto more = parser->Next(events);
    if (!more || !*more) {
      return more.has_value();
    }
    const auto end = std::ranges::find_if(events, [](const chat::Event& event) {
      return std::holds_alternative<chat::StreamEnd>(event.what);
    });
    if (end != events.end()) {
      chat::EventBatch told;
      call.dialect->AddServed(served, told);
      events.insert(end, std::make_move_iterator(told.begin()),
                    std::make_move_iterator(told.end()));
    }
    renderer->Render(events, out);
  }
}

}  // namespace

void Retell(const request::Call& call, const Kept& kept, std::chrono::nanoseconds took,
            Scratch& scratch) {
  std::string body;
  for (const std::string_view piece : scratch.pieces) {
    body += piece;
  }
  const wire::Served served{
      .provider = kept.provider,
      .response_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count(),
      .cache_hit = true,
      .cost_usd = "0"};
  std::string told;
  const bool ok = kept.streamed ? RetellStream(call, served, body, told)
                                : RetellWhole(call, served, body, scratch, told);
  if (ok) {
    scratch.text = std::move(told);
    scratch.pieces.assign(1, scratch.text);
  }
}

}  // namespace signalbox::gateway
