// Any bytes as a request, an answer, a stream, an error: what is understood goes out in a form that
// is understood the same way. Keys that look like ours inside an extra ("options.x") are left to
// nobody.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/ollama/dialect.h"

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

void FuzzRequest(const wire::Dialect& dialect, const json::Document& document) {
  const auto request = dialect.ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = dialect.RenderRequest(*request, {});
  if (!once) {
    return;
  }
  const json::Document again = MustParse(once->body);
  const auto reparsed = dialect.ParseRequest(again.Root());
  Require(reparsed.has_value());
  const auto twice = dialect.RenderRequest(*reparsed, {});
  Require(twice.has_value() && twice->body == once->body);
}

void FuzzAnswer(const wire::Dialect& dialect, const json::Document& document) {
  const auto answer = dialect.ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = dialect.RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  const auto reparsed = dialect.ParseAnswer(again.Root());
  Require(reparsed.has_value());
  Require(dialect.RenderAnswer(*reparsed).size() <= once.size());
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

void FuzzStream(const wire::Dialect& dialect, std::string_view text, bool own) {
  const auto parser = dialect.NewStreamParser();
  const auto renderer = dialect.NewStreamRenderer(own, {});
  std::string out;
  parser->Feed(text);
  while (true) {
    chat::EventBatch events;
    const auto more = parser->Next(events);
    renderer->Render(events, out);
    if (more && !*more) {
      break;
    }
  }
  chat::EventBatch events;
  (void)parser->End(events);
  renderer->Render(events, out);
  renderer->RenderError({}, out);
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = out.find('\n', at);
    Require(end != std::string::npos);
    MustParse(std::string_view(out).substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzStream(ollama::TheDialect(), text, true);
  FuzzStream(ollama::TheDialect(), text, false);
  wire::ErrorAnswer error;
  error.vendor = ollama::TheDialect().ParseError(text);
  json::Document document;
  if (!document.Parse(text)) {
    return 0;
  }
  MustParse(ollama::TheDialect().RenderError(error));
  const bool ours = text.find("options.") != std::string_view::npos ||
                    text.find("function.") != std::string_view::npos ||
                    text.find('\\') != std::string_view::npos;
  if (!ours) {
    for (const ollama::Form form : {ollama::Form::kChat, ollama::Form::kGenerate}) {
      FuzzRequest(ollama::DialectOf(form), document);
      FuzzAnswer(ollama::DialectOf(form), document);
    }
  }
  FuzzEmbeddings(ollama::TheDialect(), document);
  return 0;
}
