// Any bytes as a request, an answer, a stream: what is understood goes out in a form that is
// understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/mistral/dialect.h"

namespace {

using namespace signalbox;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void FuzzStream(std::string_view text, bool own) {
  const auto parser = mistral::TheDialect().NewStreamParser();
  const auto renderer = mistral::TheDialect().NewStreamRenderer(own, {});
  parser->Feed(text);
  std::string out;
  chat::EventBatch events;
  for (int frames = 0; frames < 1000; ++frames) {
    const auto more = parser->Next(events);
    renderer->Render(events, out);
    events.clear();
    if (more && !*more) {
      break;
    }
  }
  (void)parser->End(events);
  renderer->Render(events, out);
}

void FuzzRequest(const json::Document& document) {
  const auto request = mistral::TheDialect().ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = mistral::TheDialect().RenderRequest(*request, {});
  json::Document again;
  Require(!once || again.Parse(once->body, {.max_depth = 200}));
}

void FuzzAnswer(const json::Document& document) {
  auto answer = mistral::TheDialect().ParseAnswer(document.Root());
  for (const char* from : {"mistral", "elsewhere"}) {
    if (answer) {
      answer->dialect = from;
      json::Document again;
      Require(
          again.Parse(mistral::TheDialect().RenderAnswer(*answer), {.max_depth = 200}).has_value());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzStream(text, true);
  FuzzStream(text, false);
  (void)mistral::TheDialect().ParseError(text);
  json::Document document;
  if (!document.Parse(text)) {
    return 0;
  }
  FuzzRequest(document);
  FuzzAnswer(document);
  if (const auto request = mistral::TheDialect().ParseEmbeddingsRequest(document.Root())) {
    (void)mistral::TheDialect().RenderEmbeddingsRequest(*request);
  }
  return 0;
}
