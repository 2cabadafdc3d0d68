#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/parse_content.h"
#include "vendors/dialects/openai_responses/seal.h"

namespace signalbox::openai_responses {
namespace {

using chat::Part;
using chat::Reasoning;
using chat::ToolCall;
using core::Result;
using core::Status;
using json::Value;

Part Whole(const Value& item) {
  return {.content = chat::RawPart{TypeOf(item), std::string(item.Raw())}};
}

bool AreSpoken(const std::vector<Part>& parts) {
  return std::ranges::all_of(parts, [](const Part& part) {
    return std::holds_alternative<chat::Text>(part.content) ||
           std::holds_alternative<chat::Refusal>(part.content);
  });
}

Status ParseSpoken(const Value& item, std::vector<Part>& out) {
  const auto content = item.Find("content");
  if (!content) {
    return std::unexpected(wire::UnderMember("content", wire::Expected("a string").error()));
  }
  std::vector<Part> parts;
  bool listed = false;
  if (auto status = ParseContents(*content, parts, listed); !status) {
    return std::unexpected(wire::UnderMember("content", std::move(status).error()));
  }
  if (parts.empty() || !AreSpoken(parts)) {
    out.push_back(Whole(item));
    return {};
  }
  parts.back().item = Without(item, {"content"});
  std::ranges::move(parts, std::back_inserter(out));
  return {};
}

// The text of {"type":<kind>,"text":…} when nothing else is there.
std::optional<std::string> ThoughtIn(const Value& content, std::string_view kind) {
  const auto type = content.Find("type");
  const auto text = content.Find("text");
  const bool plain = type && text && content.CountChildren() == 2 && type->AsString() == kind;
  return plain ? text->AsString() : std::nullopt;
}

// False when the item says it in a way that has no place here.
bool ParseThoughts(const Value& item, std::string_view member, std::string_view kind,
                   std::vector<Part>& out) {
  const auto list = item.Find(member);
  if (!list || list->IsNull()) {
    return true;
  }
  return wire::ReadList(*list,
                        [&](const Value& element) -> Status {
                          auto text = ThoughtIn(element, kind);
                          if (!text) {
                            return wire::Expected("a text");
                          }
                          Reasoning thought;
                          thought.text = *std::move(text);
                          thought.summary = kind == "summary_text";
                          out.push_back({.content = std::move(thought)});
                          return {};
                        })
      .has_value();
}

// Another vendor's thought, whose signature is one for the whole text. The id is ours.
Part Joined(std::vector<Part> parts) {
  Part whole = std::move(parts.back());
  parts.pop_back();
  auto& thought = std::get<Reasoning>(whole.content);
  thought.id.clear();
  std::string text;
  for (const Part& part : parts) {
    text += std::get<Reasoning>(part.content).text;
  }
  thought.text.insert(0, text);
  return whole;
}

Status ParseReasoning(const Value& item, std::vector<Part>& out) {
  std::vector<Part> parts;
  if (!ParseThoughts(item, "summary", "summary_text", parts) ||
      !ParseThoughts(item, "content", "reasoning_text", parts)) {
    out.push_back(Whole(item));
    return {};
  }
  if (parts.empty()) {
    parts.push_back({.content = Reasoning{}});
    std::get<Reasoning>(parts.back().content).summary = true;
  }
  const auto id = item.Find("id");
  for (Part& part : parts) {
    std::get<Reasoning>(part.content).id = id ? id->AsString().value_or("") : "";
  }
  auto& last = std::get<Reasoning>(parts.back().content);
  const auto sealed = item.Find("encrypted_content");
  last.redacted = sealed ? sealed->AsString().value_or("") : "";
  if (Unseal(last)) {
    out.push_back(Joined(std::move(parts)));
    return {};
  }
  last.format = last.redacted.empty() ? "" : kOpenAiFormat;
  parts.back().item = Without(item, {"summary", "content", "encrypted_content"});
  std::ranges::move(parts, std::back_inserter(out));
  return {};
}

// A text; an object (some servers do not encode it twice) counts as its own JSON.
Status ReadArguments(const Value& value, ToolCall& out) {
  return value.IsString() ? wire::ReadText(value, out.arguments)
                          : wire::ReadRaw(value, out.arguments);
}

constexpr wire::Field<ToolCall> kCallFields[] = {
    {"call_id", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.id); }},
    {"name", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.name); }},
    {"arguments", ReadArguments},
    {"extra_content",
     [](const Value& v, ToolCall& out) {
       out.signature = CallSignature(v);
       return Status{};
     }},
};
constexpr wire::Field<ToolCall> kCustomFields[] = {
    {"call_id", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.id); }},
    {"name", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.name); }},
    {"input", ReadArguments},
};

Status ParseCall(const Value& item, bool custom, wire::Strictness strictness,
                 std::vector<Part>& out) {
  ToolCall call;
  call.kind = custom ? chat::CallKind::kCustom : chat::CallKind::kFunction;
  chat::Extra rest;  // is in Part::item
  SB_CHECK_OK(custom ? wire::ReadObject(item, kCustomFields, call, rest, strictness)
                     : wire::ReadObject(item, kCallFields, call, rest, strictness));
  if (strictness == wire::Strictness::kStrict && call.id.empty()) {
    return std::unexpected(wire::UnderMember("call_id", wire::Expected("a string").error()));
  }
  const bool is_signed = !call.signature.empty();
  out.push_back({.content = std::move(call)});
  out.back().item = Without(item, {"call_id", "name", custom ? "input" : "arguments",
                                   is_signed ? "extra_content" : "name"});
  return {};
}

}  // namespace

std::string TextIn(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

std::string TypeOf(const Value& item) {
  const auto type = item.Find("type");
  if (type && type->IsString()) {
    return *type->AsString();
  }
  return item.Find("role") ? "message" : "";
}

chat::RawJson Without(const Value& object, std::initializer_list<std::string_view> names) {
  std::string text;
  json::Writer out(text);
  out.BeginObject();
  json::ForEachMember(object, [&](const Value& key, const Value& value) {
    std::string scratch;
    const std::string_view name = *key.AsText(scratch);
    if (std::ranges::find(names, name) == names.end()) {
      out.Key(name).Raw(value.Raw());
    }
  });
  out.EndObject();
  return text;
}

void RenderMembers(std::string_view object, json::Writer& out) {
  if (object.size() > 2) {
    out.Raw(object.substr(1, object.size() - 2));
  }
}

Status ParseItem(const Value& item, wire::Strictness strictness, std::vector<Part>& out) {
  if (!item.IsObject()) {
    return wire::Expected("an object");
  }
  const std::string type = TypeOf(item);
  if (type == "function_call" || type == "custom_tool_call") {
    return ParseCall(item, type == "custom_tool_call", strictness, out);
  }
  if (type == "message" || type == "reasoning") {
    auto status = type == "message" ? ParseSpoken(item, out) : ParseReasoning(item, out);
    if (!status && strictness == wire::Strictness::kLenient) {
      out.push_back(Whole(item));
      return {};
    }
    return status;
  }
  out.push_back(Whole(item));
  return {};
}

}  // namespace signalbox::openai_responses
