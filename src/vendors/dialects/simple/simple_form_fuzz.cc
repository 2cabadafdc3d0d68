// Any bytes as a request, an answer, an error and a stream of the simple form: what is understood
// goes out in a form that is understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "io/net/sse.h"
#include "vendors/dialects/simple/dialect.h"

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
  Require(!request || dialect.ReadEnvelope(document, chat::Operation::kChat).has_value());
  const auto once = request ? dialect.RenderRequest(*request, {}) : std::unexpected(core::Error{});
  if (once) {
    const json::Document again = MustParse(once->body);
    const auto reparsed = dialect.ParseRequest(again.Root());
    Require(reparsed.has_value() && dialect.RenderRequest(*reparsed, {})->body == once->body);
  }
}

void FuzzAnswer(const wire::Dialect& dialect, const json::Document& document) {
  if (const auto answer = dialect.ParseAnswer(document.Root())) {
    MustParse(dialect.RenderAnswer(*answer));
  }
}

void FuzzStream(const wire::Dialect& dialect, std::string_view text) {
  const auto parser = dialect.NewStreamParser();
  const auto renderer = dialect.NewStreamRenderer(true, {});
  parser->Feed(text);
  std::string out;
  while (true) {
    chat::EventBatch events;
    const auto more = parser->Next(events);
    if (more && !*more) {
      break;
    }
    renderer->Render(events, out);
  }
  net::SseReader reader(64 * 1024 * 1024);
  reader.Feed(out);
  for (net::SseEvent event; reader.Next(event);) {
    MustParse(event.data);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const wire::Dialect& dialect = simple::TheDialect();
  FuzzStream(dialect, text);
  MustParse(dialect.RenderError({.status = 400, .error = {}, .vendor = dialect.ParseError(text)}));
  json::Document document;
  if (document.Parse(text)) {
    FuzzRequest(dialect, document);
    FuzzAnswer(dialect, document);
  }
  return 0;
}
