#include "vendors/dialects/testkit/fuzz.h"

#include "io/net/event_stream.h"
#include "io/net/sse.h"

namespace signalbox::testkit {
namespace {

using json::Document;
using wire::Dialect;

constexpr std::string_view kElsewhere = "another";

void FuzzRequest(const Dialect& dialect, const Document& document, const FuzzTerms& terms) {
  auto request = dialect.ParseRequest(document.Root());
  if (!request) {
    return;
  }
  if (const auto once = dialect.RenderRequest(*request, {})) {
    const Document again = MustParse(once->body);
    const auto reparsed = dialect.ParseRequest(again.Root());
    Require(reparsed.has_value());
    const auto twice = dialect.RenderRequest(*reparsed, {});
    Require(twice.has_value() && twice->body == once->body);
  }
  request->dialect = kElsewhere;
  for (const std::string_view model : terms.models) {
    request->model = model.empty() ? request->model : std::string(model);
    if (const auto foreign = dialect.RenderRequest(*request, {})) {
      MustParse(foreign->body);
    }
  }
}

void FuzzCount(const Dialect& dialect, const Document& document) {
  if (const auto request = dialect.ParseCountRequest(document.Root())) {
    if (const auto rendered = dialect.RenderCountRequest(*request)) {
      const Document again = MustParse(rendered->body);
      Require(dialect.ParseCountRequest(again.Root()).has_value());
    }
  }
  (void)dialect.ParseCountAnswer(document.Root());
}

void FuzzAnswer(const Dialect& dialect, const Document& document, const FuzzTerms& terms) {
  auto answer = dialect.ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = dialect.RenderAnswer(*answer);
  const Document again = MustParse(once);
  if (const auto reparsed = dialect.ParseAnswer(again.Root()); reparsed && terms.same_answer) {
    Require(dialect.RenderAnswer(*reparsed) == once);
  }
  answer->dialect = kElsewhere;
  MustParse(dialect.RenderAnswer(*answer));
}

void FuzzLists(const Dialect& dialect, const Document& document) {
  if (const auto request = dialect.ParseEmbeddingsRequest(document.Root())) {
    if (const auto rendered = dialect.RenderEmbeddingsRequest(*request)) {
      MustParse(rendered->body);
    }
  }
  if (const auto answer = dialect.ParseEmbeddingsAnswer(document.Root())) {
    MustParse(dialect.RenderEmbeddingsAnswer(*answer));
  }
  if (const auto request = dialect.ParseRerankRequest(document.Root())) {
    if (const auto rendered = dialect.RenderRerankRequest(*request)) {
      MustParse(rendered->body);
    }
  }
  if (const auto answer = dialect.ParseRerankAnswer(document.Root())) {
    MustParse(dialect.RenderRerankAnswer(*answer));
  }
}

void CheckSse(std::string_view bytes) {
  Require(bytes.empty() || bytes.ends_with("\n\n") || bytes.ends_with("\r\n\r\n"));
  net::SseReader reader(64 * 1024 * 1024);
  reader.Feed(bytes);
  for (net::SseEvent event; reader.Next(event);) {
    if (event.data != "[DONE]") {
      MustParse(event.data);
    }
  }
}

void CheckEventStream(std::string_view bytes) {
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

}  // namespace

Document MustParse(std::string_view text) {
  Document document;
  Require(document.Parse(text, {.max_depth = 300, .unique_keys = false}).has_value());
  return document;
}

void FuzzBodies(const Dialect& dialect, const Document& document, const FuzzTerms& terms) {
  FuzzRequest(dialect, document, terms);
  FuzzAnswer(dialect, document, terms);
  FuzzCount(dialect, document);
  FuzzLists(dialect, document);
  (void)dialect.ReadEnvelope(document, chat::Operation::kChat);
}

std::string FuzzStream(const Dialect& dialect, std::string_view bytes, bool own,
                       wire::Framing framing) {
  const auto parser = dialect.NewStreamParser();
  const auto renderer = dialect.NewStreamRenderer(own, {.framing = framing});
  std::string out;
  chat::EventBatch events;
  parser->Feed(bytes);
  for (auto more = parser->Next(events); !more || *more; more = parser->Next(events)) {
    renderer->Render(events, out);
    events.clear();
  }
  (void)parser->End(events);
  renderer->Render(events, out);
  renderer->RenderError({.status = 502, .error = {}, .vendor = {}}, out);
  switch (framing) {
    case wire::Framing::kSse:
      CheckSse(out);
      break;
    case wire::Framing::kEventStream:
      CheckEventStream(out);
      break;
    case wire::Framing::kJsonArray:
      MustParse(out);
      break;
    case wire::Framing::kLines:
      Require(out.empty() || out.ends_with('\n'));
      break;
  }
  return out;
}

void FuzzError(const Dialect& dialect, std::string_view body) {
  MustParse(dialect.RenderError({.status = 400, .error = {}, .vendor = dialect.ParseError(body)}));
}

int FuzzDialect(const Dialect& dialect, std::string_view text, const FuzzTerms& terms) {
  (void)FuzzStream(dialect, text, true, dialect.framing());
  (void)FuzzStream(dialect, text, false, dialect.framing());
  FuzzError(dialect, text);
  Document document;
  (void)dialect.ReadBill(text, document);
  if (document.Parse(text)) {
    FuzzBodies(dialect, document, terms);
  }
  return 0;
}

}  // namespace signalbox::testkit
