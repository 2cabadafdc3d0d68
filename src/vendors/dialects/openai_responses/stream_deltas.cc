// What is said bit by bit in a stream, and the events that repeat it whole.
#include <utility>

#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/parse_content.h"
#include "vendors/dialects/openai_responses/stream_parser.h"

namespace signalbox::openai_responses {
namespace {

using chat::EventBatch;
using json::Value;

template <typename What>
void Emit(EventBatch& out, What what) {
  out.push_back({0, std::move(what)});
}

}  // namespace

void StreamParser::Say(Item& item, std::size_t bytes) {
  item.told = true;
  item.said += bytes;
  item.open = true;
}

// What of the whole no delta has told.
std::string StreamParser::Unsaid(const Item& item, std::string whole) {
  return item.said < whole.size() ? whole.substr(item.said) : std::string();
}

void StreamParser::OnTextDelta(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kMessage);
  const auto text = frame.Find("delta");
  if (!text || !text->IsString()) {
    return;
  }
  std::string said = *text->AsString();
  Say(item, said.size());
  Emit(out, chat::TextDelta{std::move(said)});
  const auto logprobs = frame.Find("logprobs");
  if (logprobs && logprobs->IsArray() && logprobs->FirstChild()) {
    Emit(out, chat::LogprobsDelta{ChatLogprobs(logprobs->Raw())});
  }
}

void StreamParser::OnTextDone(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kMessage);
  if (std::string rest = Unsaid(item, TextIn(frame, "text")); !rest.empty()) {
    Say(item, rest.size());
    Emit(out, chat::TextDelta{std::move(rest)});
  }
}

void StreamParser::OnRefusalDelta(const Value& frame, EventBatch& out) {
  std::string said = TextIn(frame, "delta");
  Say(ItemOf(frame, Kind::kMessage), said.size());
  Emit(out, chat::RefusalDelta{std::move(said)});
}

void StreamParser::OnRefusalDone(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kMessage);
  if (std::string rest = Unsaid(item, TextIn(frame, "refusal")); !rest.empty()) {
    Say(item, rest.size());
    Emit(out, chat::RefusalDelta{std::move(rest)});
  }
}

void StreamParser::Think(Item& item, std::string text, bool summary, EventBatch& out) {
  chat::ReasoningDelta delta;
  if (item.said == 0) {  // of each part
    delta.id = item.id;
  }
  Say(item, text.size());
  delta.text = std::move(text);
  delta.summary = summary;
  Emit(out, std::move(delta));
}

void StreamParser::OnSummaryDelta(const Value& frame, EventBatch& out) {
  Think(ItemOf(frame, Kind::kReasoning), TextIn(frame, "delta"), true, out);
}
void StreamParser::OnThoughtDelta(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kReasoning);
  if (item.summary && item.open) {
    Emit(out, chat::PartEnd{});  // its texts follow the summaries, with or without a word
    item.said = 0;
  }
  item.summary = false;
  Think(item, TextIn(frame, "delta"), false, out);
}
void StreamParser::ThinkRest(const Value& frame, bool summary, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kReasoning);
  if (std::string rest = Unsaid(item, TextIn(frame, "text")); !rest.empty()) {
    Think(item, std::move(rest), summary, out);
  }
}
void StreamParser::OnSummaryDone(const Value& frame, EventBatch& out) {
  ThinkRest(frame, true, out);
}
void StreamParser::OnThoughtDone(const Value& frame, EventBatch& out) {
  ThinkRest(frame, false, out);
}

void StreamParser::Argue(Item& item, std::string text, EventBatch& out) {
  if (item.kind == Kind::kCall && item.announced && !text.empty()) {
    Say(item, text.size());
    Emit(out, chat::ToolCallArguments{item.call, std::move(text)});
  }
}

void StreamParser::OnArgumentsDelta(const Value& frame, EventBatch& out) {
  Argue(ItemOf(frame, Kind::kCall), TextIn(frame, "delta"), out);
}
void StreamParser::OnArgumentsDone(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kCall);
  Argue(item, Unsaid(item, TextIn(frame, "arguments")), out);
}
void StreamParser::OnInputDone(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kCall);
  Argue(item, Unsaid(item, TextIn(frame, "input")), out);
}

// A summary or a content begins: the one before has ended.
void StreamParser::OnPartAdded(const Value& frame, EventBatch& out) {
  const bool summary = type_ == "response.reasoning_summary_part.added";
  Item& item = ItemOf(frame, summary ? Kind::kReasoning : Kind::kMessage);
  if (item.open && item.kind == Kind::kReasoning) {
    Emit(out, chat::PartEnd{});
  }
  item.open = false;
  item.said = 0;
  item.summary = summary;
  item.citations = 0;
}

void StreamParser::OnPartDone(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kMessage);
  const auto part = frame.Find("part");
  if (part && item.kind == Kind::kMessage) {
    FinishPart(item, *part, out);
  }
}

void StreamParser::OnAnnotation(const Value& frame, EventBatch& out) {
  Item& item = ItemOf(frame, Kind::kMessage);
  if (const auto annotation = frame.Find("annotation")) {
    Emit(out, chat::CitationDelta{ParseAnnotation(*annotation)});
    ++item.citations;
    item.told = true;
    item.open = true;
  }
}

}  // namespace signalbox::openai_responses
