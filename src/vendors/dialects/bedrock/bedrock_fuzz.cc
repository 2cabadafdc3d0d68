// Any bytes as a request, an answer, a frame, a stream: what is understood goes out in a form that
// is understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "io/net/event_stream.h"
#include "vendors/dialects/bedrock/dialect.h"

namespace {

using namespace signalbox;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

json::Document MustParse(std::string_view text) {
  json::Document document;
  Require(document.Parse(text, {.max_depth = 200, .unique_keys = false}).has_value());
  return document;
}

const wire::Dialect& Us() {
  return bedrock::TheDialect();
}

void FuzzRequest(const json::Document& document) {
  auto request = Us().ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = Us().RenderRequest(*request, {});
  if (once) {
    const json::Document again = MustParse(once->body);
    const auto reparsed = Us().ParseRequest(again.Root());
    Require(reparsed.has_value());
    const auto twice = Us().RenderRequest(*reparsed, {});
    Require(twice.has_value() && twice->body == once->body);
  }
  request->dialect = "another";
  for (const char* model : {"anthropic.claude-v2", "amazon.nova-2-lite-v1:0", "meta.llama"}) {
    request->model = model;
    if (const auto foreign = Us().RenderRequest(*request, {})) {
      MustParse(foreign->body);
    }
  }
}

void FuzzCount(const json::Document& document) {
  if (const auto request = Us().ParseCountRequest(document.Root())) {
    if (const auto rendered = Us().RenderCountRequest(*request)) {
      const json::Document again = MustParse(rendered->body);
      Require(Us().ParseCountRequest(again.Root()).has_value());
    }
  }
}

void FuzzAnswer(const json::Document& document) {
  auto answer = Us().ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = Us().RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  if (const auto reparsed = Us().ParseAnswer(again.Root())) {
    Require(Us().RenderAnswer(*reparsed) == once);
  }
  answer->dialect = "another";
  MustParse(Us().RenderAnswer(*answer));
}

void FuzzEmbeddings(const json::Document& document) {
  if (const auto request = Us().ParseEmbeddingsRequest(document.Root())) {
    if (const auto rendered = Us().RenderEmbeddingsRequest(*request)) {
      MustParse(rendered->body);
    }
  }
  if (const auto answer = Us().ParseEmbeddingsAnswer(document.Root())) {
    MustParse(Us().RenderEmbeddingsAnswer(*answer));
  }
}

// Every frame that goes out can be read, and holds JSON.
void CheckFrames(std::string_view bytes) {
  net::EventStreamReader reader;
  net::EventStreamMessage message;
  reader.Feed(bytes);
  while (true) {
    const auto more = reader.Next(message);
    Require(more.has_value());
    if (!*more) {
      break;
    }
    MustParse(message.payload);
  }
  Require(reader.AtBoundary());
}

void FuzzStream(std::string_view bytes) {
  const auto parser = Us().NewStreamParser();
  const auto own = Us().NewStreamRenderer(true, {});
  const auto foreign = Us().NewStreamRenderer(false, {});
  std::string out;
  chat::EventBatch events;
  parser->Feed(bytes);
  for (auto more = parser->Next(events); !more || *more; more = parser->Next(events)) {
    own->Render(events, out);
    foreign->Render(events, out);
    events.clear();
  }
  Require(parser->End(events).has_value());
  own->Render(events, out);
  foreign->Render(events, out);
  CheckFrames(out);
}

// A line "<kind> <payload>" a frame.
std::string Framed(std::string_view lines) {
  std::string bytes;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::string_view kind = line.substr(0, std::min<std::size_t>(line.find(' '), 60));
    const std::string_view payload = line.substr(std::min(kind.size() + 1, line.size()));
    net::AppendEventStreamEvent(bytes, kind, payload);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzStream(text);
  FuzzStream(Framed(text));
  (void)Us().ParseError(text);
  json::Document document;
  if (document.Parse(text)) {
    FuzzRequest(document);
    FuzzCount(document);
    FuzzAnswer(document);
    FuzzEmbeddings(document);
  }
  return 0;
}
