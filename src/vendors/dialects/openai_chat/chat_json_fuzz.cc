// Any bytes as a request, an answer, a streamed frame: what is understood goes out in a form that
// is understood the same way, and the observer sees what a full parse sees.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/dialects/openai_chat/render_request.h"
#include "vendors/dialects/openai_chat/stream_parser.h"
#include "vendors/dialects/openai_chat/stream_renderer.h"

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

void FuzzRequest(const json::Document& document) {
  const auto request = openai_chat::ParseRequest(document.Root());
  if (!request) {
    return;
  }
  const auto once = openai_chat::RenderRequest(*request);
  if (!once) {
    return;
  }
  const json::Document again = MustParse(once->body);
  const auto reparsed = openai_chat::ParseRequest(again.Root());
  Require(reparsed.has_value());
  const auto twice = openai_chat::RenderRequest(*reparsed);
  Require(twice.has_value() && twice->body == once->body);
}

void FuzzAnswer(const json::Document& document) {
  const auto answer = openai_chat::ParseAnswer(document.Root());
  if (!answer) {
    return;
  }
  const std::string once = openai_chat::RenderAnswer(*answer);
  const json::Document again = MustParse(once);
  const auto reparsed = openai_chat::ParseAnswer(again.Root());
  Require(reparsed.has_value() && openai_chat::RenderAnswer(*reparsed) == once);
}

void FuzzEmbeddings(const json::Document& document) {
  if (const auto request = openai_chat::ParseEmbeddingsRequest(document.Root())) {
    const std::string once = openai_chat::RenderEmbeddingsRequest(*request)->body;
    const json::Document again = MustParse(once);
    const auto reparsed = openai_chat::ParseEmbeddingsRequest(again.Root());
    Require(reparsed.has_value() && openai_chat::RenderEmbeddingsRequest(*reparsed)->body == once);
  }
  if (const auto answer = openai_chat::ParseEmbeddingsAnswer(document.Root())) {
    MustParse(openai_chat::RenderEmbeddingsAnswer(*answer));
  }
}

void FuzzFrame(std::string_view text) {
  openai_chat::StreamParser parser;
  openai_chat::StreamRenderer renderer(true, {});
  chat::EventBatch events;
  if (!parser.Parse("", text, events)) {
    return;
  }
  std::string rendered;
  renderer.Render(events, rendered);
  openai_chat::StreamRenderer foreign(false, {});
  foreign.Render(events, rendered);
  net::SseReader reader;
  reader.Feed(rendered);
  for (net::SseEvent event; reader.Next(event);) {
    if (event.data != "[DONE]") {
      MustParse(event.data);
    }
  }
}

void FuzzCompletions(const json::Document& document) {
  if (const auto request = openai_chat::ParseCompletionRequest(document.Root())) {
    Require(!request->prompts.empty());
  }
  if (const auto answer = openai_chat::ParseCompletionAnswer(document.Root())) {
    MustParse(openai_chat::RenderCompletionAnswer(*answer));
  }
}

void FuzzEnvelope(const json::Document& document) {
  for (const auto operation :
       {chat::Operation::kChat, chat::Operation::kEmbeddings, chat::Operation::kCompletions}) {
    const auto envelope = openai_chat::ReadEnvelope(document, operation);
    if (!envelope) {
      continue;
    }
    chat::EditList edits;
    openai_chat::PlanEdits(*envelope, "up/stream", true, edits);
    std::vector<std::string_view> pieces;
    edits.Apply(document.text(), pieces);
    std::string edited;
    for (const std::string_view piece : pieces) {
      edited += piece;
    }
    const json::Document again = MustParse(edited);
    const auto reread = openai_chat::ReadEnvelope(again, operation);
    Require(reread.has_value() && reread->model == "up/stream");
    Require(reread->stream == envelope->stream && (!reread->stream || reread->wants_usage));
    Require(openai_chat::ParseRequest(document.Root()).has_value() ==
            openai_chat::ParseRequest(again.Root()).has_value());
  }
}

// What a parse of the whole frame finds must not escape the observer.
void FuzzObserver(std::string_view text, const json::Document& document) {
  openai_chat::StreamObserver observer;
  const auto facts = observer.Observe(text);
  const auto bill = openai_chat::ReadBill(document.Root());
  const auto error = document.Root().Find("error");
  Require(facts.has_usage == (document.Root().IsObject() && bill.usage.known()));
  Require(!facts.has_usage || facts.bill == bill);
  Require(facts.error || !error || error->IsNull());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzFrame(text);
  (void)openai_chat::RenderVendorError(openai_chat::ParseErrorBody(text));
  json::Document document;
  if (!document.Parse(text)) {
    return 0;
  }
  FuzzRequest(document);
  FuzzAnswer(document);
  FuzzEmbeddings(document);
  FuzzCompletions(document);
  FuzzEnvelope(document);
  FuzzObserver(text, document);
  return 0;
}
