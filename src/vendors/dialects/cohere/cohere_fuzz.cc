// Any bytes as a request, an answer, a stream: what is understood goes out in a form that is
// understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/cohere/dialect.h"

namespace {

using namespace signalbox;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

json::Document MustParse(std::string_view text) {
  json::Document document;
  Require(document.Parse(text, {.max_depth = 200}).has_value());
  return document;
}

const wire::Dialect& Cohere() {
  return cohere::TheDialect();
}

void FuzzStream(std::string_view text, bool own) {
  const auto parser = Cohere().NewStreamParser();
  const auto renderer = Cohere().NewStreamRenderer(own, {});
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
  auto request = Cohere().ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = Cohere().RenderRequest(*request, {});
  Require(once.has_value());
  const json::Document again = MustParse(once->body);
  const auto reparsed = Cohere().ParseRequest(again.Root());
  Require(reparsed.has_value());
  const auto twice = Cohere().RenderRequest(*reparsed, {});
  Require(twice.has_value() && twice->body == once->body);
  request->dialect = "other";
  if (const auto foreign = Cohere().RenderRequest(*request, {})) {
    MustParse(foreign->body);
  }
}

void FuzzAnswer(const json::Document& document) {
  auto answer = Cohere().ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = Cohere().RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  const auto reparsed = Cohere().ParseAnswer(again.Root());
  Require(reparsed.has_value() && Cohere().RenderAnswer(*reparsed) == once);
  answer->dialect = "other";
  MustParse(Cohere().RenderAnswer(*answer));
}

void FuzzOthers(const json::Document& document) {
  if (const auto request = Cohere().ParseEmbeddingsRequest(document.Root())) {
    MustParse(Cohere().RenderEmbeddingsRequest(*request)->body);
  }
  if (const auto answer = Cohere().ParseEmbeddingsAnswer(document.Root())) {
    MustParse(Cohere().RenderEmbeddingsAnswer(*answer));
  }
  if (const auto request = Cohere().ParseRerankRequest(document.Root())) {
    MustParse(Cohere().RenderRerankRequest(*request)->body);
  }
  if (const auto answer = Cohere().ParseRerankAnswer(document.Root())) {
    MustParse(Cohere().RenderRerankAnswer(*answer));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzStream(text, true);
  FuzzStream(text, false);
  (void)Cohere().RenderError({.status = 400, .error = {}, .vendor = Cohere().ParseError(text)});
  json::Document document;
  if (!document.Parse(text)) {
    return 0;
  }
  (void)Cohere().ReadBill(text, document);
  if (!document.Parse(text)) {
    return 0;
  }
  FuzzRequest(document);
  FuzzAnswer(document);
  FuzzOthers(document);
  return 0;
}
