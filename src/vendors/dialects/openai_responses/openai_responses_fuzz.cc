// Any bytes as a request, an answer, a stream, an error: what is understood goes out in a form that
// is understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "io/net/sse.h"
#include "vendors/dialects/openai_responses/dialect.h"

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

void FuzzRequest(const wire::Dialect& dialect, const json::Document& document) {
  auto request = dialect.ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = dialect.RenderRequest(*request, {});
  Require(once.has_value());
  const json::Document again = MustParse(once->body);
  const auto reparsed = dialect.ParseRequest(again.Root());
  if (reparsed) {  // a silent message may have been all that there was
    const auto twice = dialect.RenderRequest(*reparsed, {});
    Require(twice.has_value() && twice->body == once->body);
  }
  request->dialect = "another";
  if (const auto foreign = dialect.RenderRequest(*request, {})) {
    MustParse(foreign->body);
  }
}

void FuzzAnswer(const wire::Dialect& dialect, const json::Document& document) {
  auto answer = dialect.ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = dialect.RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  const auto reparsed = dialect.ParseAnswer(again.Root());
  Require(reparsed.has_value() && dialect.RenderAnswer(*reparsed) == once);
  answer->dialect = "another";
  MustParse(dialect.RenderAnswer(*answer));
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
  renderer->RenderError({.status = 500, .error = {}, .vendor = {}}, out);
  net::SseReader reader;
  reader.Feed(out);
  for (net::SseEvent event; reader.Next(event);) {
    MustParse(event.data);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const wire::Dialect& dialect = openai_responses::TheDialect();
  FuzzStream(dialect, text, true);
  FuzzStream(dialect, text, false);
  MustParse(dialect.RenderError({.status = 400, .error = {}, .vendor = dialect.ParseError(text)}));
  json::Document document;
  if (document.Parse(text)) {
    FuzzRequest(dialect, document);
    FuzzAnswer(dialect, document);
  }
  return 0;
}
