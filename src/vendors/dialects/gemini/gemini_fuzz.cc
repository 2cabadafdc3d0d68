// Any bytes as a request, an answer, embeddings, a stream, an error: what is understood goes out in
// a form that is understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/gemini/dialect.h"

namespace {

using namespace signalbox;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

json::Document MustParse(std::string_view text) {
  json::Document document;
  Require(document.Parse(text, {.max_depth = 300}).has_value());
  return document;
}

void FuzzRequest(const wire::Dialect& dialect, const json::Document& document) {
  const auto request = dialect.ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = dialect.RenderRequest(*request, {});
  Require(once.has_value());
  const json::Document again = MustParse(once->body);
  const auto reparsed = dialect.ParseRequest(again.Root());
  Require(reparsed.has_value());
  const auto twice = dialect.RenderRequest(*reparsed, {});
  Require(twice.has_value() && twice->body == once->body);
  chat::Request foreign = *request;
  foreign.dialect = "another";
  foreign.model = "gemini-2.0-flash";
  if (const auto rendered = dialect.RenderRequest(foreign, {})) {
    MustParse(rendered->body);
  }
  if (const auto count = dialect.RenderCountRequest(*request)) {
    MustParse(count->body);
  }
}

void FuzzAnswer(const wire::Dialect& dialect, const json::Document& document) {
  const auto answer = dialect.ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = dialect.RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  if (const auto reparsed = dialect.ParseAnswer(again.Root())) {
    Require(dialect.RenderAnswer(*reparsed) == once);
  }
  chat::Response foreign = *answer;
  foreign.dialect = "another";
  MustParse(dialect.RenderAnswer(foreign));
}

void FuzzEmbeddings(const wire::Dialect& dialect, const json::Document& document) {
  if (const auto request = dialect.ParseEmbeddingsRequest(document.Root())) {
    if (const auto rendered = dialect.RenderEmbeddingsRequest(*request)) {
      MustParse(rendered->body);
    }
  }
  if (const auto answer = dialect.ParseEmbeddingsAnswer(document.Root())) {
    MustParse(dialect.RenderEmbeddingsAnswer(*answer));
  }
}

// As one JSON array, which must stay whole however the stream ends.
void FuzzStream(const wire::Dialect& dialect, std::string_view bytes, bool own) {
  const auto parser = dialect.NewStreamParser();
  const auto renderer = dialect.NewStreamRenderer(own, {.framing = wire::Framing::kJsonArray});
  std::string out;
  parser->Feed(bytes);
  while (true) {
    chat::EventBatch events;
    const auto more = parser->Next(events);
    renderer->Render(events, out);
    if (more && !*more) {
      break;
    }
  }
  chat::EventBatch events;
  if (parser->End(events)) {
    renderer->Render(events, out);
  }
  renderer->RenderError({.status = 502, .error = {}, .vendor = {}}, out);
  MustParse(out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const wire::Dialect* dialect : {&gemini::TheDialect(), &gemini::Vertex()}) {
    FuzzStream(*dialect, text, true);
    FuzzStream(*dialect, text, false);
    MustParse(
        dialect->RenderError({.status = 400, .error = {}, .vendor = dialect->ParseError(text)}));
    json::Document document;
    if (!document.Parse(text)) {
      continue;
    }
    FuzzRequest(*dialect, document);
    FuzzAnswer(*dialect, document);
    FuzzEmbeddings(*dialect, document);
    (void)dialect->ReadEnvelope(document, chat::Operation::kChat);
    (void)dialect->ParseCountRequest(document.Root());
    (void)dialect->ParseCountAnswer(document.Root());
  }
  return 0;
}
