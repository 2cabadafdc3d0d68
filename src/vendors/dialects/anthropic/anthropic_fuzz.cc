// Any bytes as a request, an answer, a stream, an error: what is understood goes out in a form that
// is understood the same way.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/anthropic/dialect.h"

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

void FuzzRequest(const json::Document& document) {
  const wire::Dialect& dialect = anthropic::TheDialect();
  auto request = dialect.ParseRequest(document.Root());
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
  request->dialect = "elsewhere";
  if (const auto foreign = dialect.RenderRequest(*request, {})) {
    const json::Document text = MustParse(foreign->body);
    Require(dialect.ParseRequest(text.Root()).has_value());
  }
}

void FuzzAnswer(const json::Document& document, std::string_view text) {
  const wire::Dialect& dialect = anthropic::TheDialect();
  json::Document scratch;
  (void)dialect.ReadBill(text, scratch);
  auto answer = dialect.ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = dialect.RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  const auto reparsed = dialect.ParseAnswer(again.Root());
  Require(reparsed.has_value() && dialect.RenderAnswer(*reparsed) == once);
  answer->dialect = "elsewhere";
  const std::string foreign = dialect.RenderAnswer(*answer);
  const json::Document other = MustParse(foreign);
  Require(dialect.ParseAnswer(other.Root()).has_value());
}

void FuzzStream(std::string_view text, bool own) {
  const wire::Dialect& dialect = anthropic::TheDialect();
  const auto parser = dialect.NewStreamParser();
  const auto renderer = dialect.NewStreamRenderer(own, {});
  const auto reader = dialect.NewStreamParser();
  std::string out;
  parser->Feed(text);
  chat::EventBatch events;
  for (auto more = parser->Next(events); !more || *more; more = parser->Next(events)) {
    renderer->Render(events, out);
    events.clear();
  }
  (void)parser->End(events);
  renderer->Render(events, out);
  reader->Feed(out);
  events.clear();
  for (auto more = reader->Next(events); more.value_or(true); more = reader->Next(events)) {
    Require(more.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzStream(text, true);
  FuzzStream(text, false);
  const auto error = anthropic::TheDialect().ParseError(text);
  (void)MustParse(anthropic::TheDialect().RenderError({500, {}, error}));
  json::Document document;
  if (document.Parse(text)) {
    FuzzRequest(document);
    FuzzAnswer(document, text);
  }
  return 0;
}
