// Items of a stream: how they begin and end, and those that nobody has told bit by bit.
#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/parse_content.h"
#include "vendors/dialects/openai_responses/stream_parser.h"

namespace signalbox::openai_responses {
namespace {

using chat::EventBatch;
using chat::Part;
using json::Value;

template <typename What>
void Emit(EventBatch& out, What what) {
  out.push_back({0, std::move(what)});
}

// The last element of a list; nullopt when there is none.
std::optional<Value> LastOf(const Value& object, std::string_view key) {
  const auto list = object.Find(key);
  std::optional<Value> last;
  if (list && list->IsArray()) {
    json::ForEachElement(*list, [&](const Value& element) { last = element; });
  }
  return last;
}

// The item as it begins, before anything of it is said.
std::string Beginning(const Value& item) {
  const std::string type = TypeOf(item);
  const bool call = type == "function_call" || type == "custom_tool_call";
  if (type != "message" && type != "reasoning" && !call) {
    return std::string(item.Raw());
  }
  std::string text = Without(item, {"content", "summary", "arguments", "input"});
  text.pop_back();
  text += text.size() > 1 ? "," : "";
  return text + (type == "message"         ? R"("content":[]})"
                 : type == "reasoning"     ? R"("summary":[]})"
                 : type == "function_call" ? R"("arguments":""})"
                                           : R"("input":""})");
}

}  // namespace

void StreamParser::Begin(Item& item, const Value& value, std::string written, EventBatch& out) {
  const std::string type = TypeOf(value);
  const bool custom = type == "custom_tool_call";
  item.kind = type == "message"                   ? Kind::kMessage
              : type == "reasoning"               ? Kind::kReasoning
              : type == "function_call" || custom ? Kind::kCall
                                                  : Kind::kRaw;
  item.id = TextIn(value, "id");
  item.announced = true;
  Emit(out, chat::UnknownMember{chat::Level::kDelta, item.index, {"item", std::move(written)}});
  if (item.kind == Kind::kCall) {
    item.call = calls_++;
    item.told = true;
    const auto kind = custom ? chat::CallKind::kCustom : chat::CallKind::kFunction;
    Emit(out, chat::ToolCallStart{.call = item.call,
                                  .id = TextIn(value, "call_id"),
                                  .name = TextIn(value, "name"),
                                  .kind = kind,
                                  .signature = {}});
  }
}

void StreamParser::FinishPart(Item& item, const Value& value, EventBatch& out) {
  auto parsed = ParseContent(value);
  const bool known = parsed && !std::holds_alternative<chat::RawPart>(parsed->content);
  if (!known) {
    item.open = false;
    return;
  }
  auto* text = std::get_if<chat::Text>(&parsed->content);
  auto* refusal = std::get_if<chat::Refusal>(&parsed->content);
  const bool silent = !item.open;  // an empty content counts too
  if (text != nullptr) {
    std::string rest = Unsaid(item, text->text);
    if (!rest.empty() || silent) {
      Emit(out, chat::TextDelta{std::move(rest)});
    }
  } else if (refusal != nullptr) {
    std::string rest = Unsaid(item, refusal->text);
    if (!rest.empty() || silent) {
      Emit(out, chat::RefusalDelta{std::move(rest)});
    }
  }
  for (std::size_t i = item.citations; text != nullptr && i < text->citations.size(); ++i) {
    Emit(out, chat::CitationDelta{std::move(text->citations[i])});
  }
  Emit(out, chat::PartEnd{.item = {}, .extra = std::move(parsed->extra)});
  item.told = true;
  item.open = false;
  item.said = 0;
  item.citations = 0;
}

void StreamParser::FinishMessage(Item& item, const Value& value, EventBatch& out) {
  if (item.open) {
    if (const auto last = LastOf(value, "content")) {
      FinishPart(item, *last, out);
    }
  }
  Emit(out, chat::PartEnd{.item = Without(value, {"content"}), .extra = {}});
}

void StreamParser::FinishItem(Item& item, const Value& value, EventBatch& out) {
  if (item.done) {
    return;
  }
  item.done = true;
  if (!item.announced) {
    Begin(item, value, Beginning(value), out);
  }
  if (!item.told || item.kind == Kind::kRaw) {
    TellWhole(value, out);
  } else if (item.kind == Kind::kMessage) {
    FinishMessage(item, value, out);
  } else {
    FinishThoughtOrCall(item, value, out);
  }
}

void StreamParser::FinishThoughtOrCall(Item& item, const Value& value, EventBatch& out) {
  std::vector<Part> parts;
  (void)ParseItem(value, wire::Strictness::kLenient, parts);  // lenient: cannot fail
  Part& last = parts.back();
  if (auto* thought = std::get_if<chat::Reasoning>(&last.content)) {
    if (!thought->redacted.empty()) {
      chat::ReasoningDelta delta;
      delta.redacted = std::move(thought->redacted);
      delta.format = std::move(thought->format);
      delta.id = item.id;
      delta.summary = thought->summary;
      Emit(out, std::move(delta));
    }
    Emit(out, chat::PartEnd{.item = std::move(last.item), .extra = {}});
  } else if (auto* call = std::get_if<chat::ToolCall>(&last.content)) {
    Argue(item, Unsaid(item, std::move(call->arguments)), out);
    Emit(out, chat::ToolCallEnd{item.call, std::move(last.item)});
  } else {
    Emit(out, chat::PartEnd{.item = Without(value, {"summary", "content", "encrypted_content"}),
                            .extra = {}});
  }
}

void StreamParser::TellWhole(const Value& value, EventBatch& out) {
  std::vector<Part> parts;
  (void)ParseItem(value, wire::Strictness::kLenient, parts);  // lenient: cannot fail
  for (Part& part : parts) {
    TellPart(std::move(part), out);
  }
}

void StreamParser::TellPart(Part part, EventBatch& out) {
  if (auto* text = std::get_if<chat::Text>(&part.content)) {
    Emit(out, chat::TextDelta{std::move(text->text)});
    for (chat::Citation& citation : text->citations) {
      Emit(out, chat::CitationDelta{std::move(citation)});
    }
  } else if (auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    Emit(out, chat::RefusalDelta{std::move(refusal->text)});
  } else if (auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    Emit(out, chat::ReasoningDelta{.text = std::move(thought->text),
                                   .signature = std::move(thought->signature),
                                   .redacted = std::move(thought->redacted),
                                   .id = std::move(thought->id),
                                   .summary = thought->summary,
                                   .format = std::move(thought->format)});
  } else {
    Emit(out, chat::WholePart{std::move(part)});
    return;
  }
  Emit(out, chat::PartEnd{.item = std::move(part.item), .extra = std::move(part.extra)});
}

bool StreamParser::IsDone(const Value& value, std::int64_t index) const {
  const std::string id = TextIn(value, "id");
  return std::ranges::any_of(items_, [&](const Item& item) {
    return item.done && (item.index == index || (!id.empty() && item.id == id));
  });
}

// What the final response holds and no event has told.
void StreamParser::TellRest(const Value& response, EventBatch& out) {
  const auto output = response.Find("output");
  if (!output || !output->IsArray()) {
    return;
  }
  std::int64_t index = 0;
  json::ForEachElement(*output, [&](const Value& value) {
    if (value.IsObject() && !IsDone(value, index)) {
      FinishItem(ItemAt(index), value, out);
    }
    ++index;
  });
}

}  // namespace signalbox::openai_responses
