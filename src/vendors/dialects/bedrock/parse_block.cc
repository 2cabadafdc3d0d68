#include "vendors/dialects/bedrock/parse_block.h"

#include <utility>

#include "vendors/dialects/bedrock/citations.h"
#include "vendors/dialects/bedrock/media.h"
#include "vendors/dialects/bedrock/thoughts.h"

namespace signalbox::bedrock {
namespace {

using chat::Part;
using core::Result;
using core::Status;
using json::Value;
using wire::Strictness;

Result<Part> ReadBlock(const Value& block, Strictness strictness);

void AppendLine(const std::optional<Value>& text, std::string& out) {
  if (text && text->IsString()) {
    out += out.empty() ? "" : "\n";
    out += *text->AsString();
  }
}

// The texts of an element, or of a list of them, a line each.
void AppendTexts(const Value& value, std::string& out) {
  if (value.IsArray()) {
    json::ForEachElement(value, [&](const Value& element) { AppendTexts(element, out); });
    return;
  }
  AppendLine(value.Find("text"), out);
}

// What others can read of a block that only Bedrock understands; nothing, but a text, for the call
// of a tool that AWS runs. nullopt: it has no words.
std::optional<std::string> ReadableText(std::string_view kind, const Value& value) {
  std::string words;
  if (kind == "searchResult") {
    AppendLine(value.Find("title"), words);
    AppendLine(value.Find("source"), words);
  }
  if (kind == "guardContent") {
    const auto text = value.Find("text");
    if (!text) {
      return std::nullopt;
    }
    AppendTexts(*text, words);
  } else if (const auto content = value.Find("content");
             content && (kind == "searchResult" || kind == "toolResult")) {
    AppendTexts(*content, words);
  } else if (kind != "toolUse") {
    return std::nullopt;
  }
  words += words.empty() || words.ends_with('\n') ? "" : "\n";  // others may join texts
  return words;
}

// A block of a kind that stays whole.
Part Raw(const Value& block, std::string_view kind) {
  return {.content = chat::RawPart{std::string(kind), std::string(block.Raw())}};
}

using R = chat::Reasoning;
constexpr wire::Field<R> kThoughtFields[] = {
    {"text", [](const Value& v, R& out) { return wire::ReadText(v, out.text); }},
    {"signature",
     [](const Value& v, R& out) {
       std::string signature;
       auto status = wire::ReadText(v, signature);
       SetSignature(std::move(signature), out);
       return status;
     }},
};

// An unknown member of a block's value.
void KeepInside(std::string_view place, std::string_view name, const Value& value, Part& out) {
  out.extra.push_back({std::string(place).append(name), std::string(value.Raw())});
}

Status ReadReasoning(const Value& value, Part& out) {
  R thought;
  chat::Extra extra;
  if (const auto text = value.Find("reasoningText")) {
    SB_CHECK_OK(wire::ReadObject(*text, kThoughtFields, thought, extra));
  } else if (const auto redacted = value.Find("redactedContent");
             redacted && redacted->IsString()) {
    SetRedacted(*redacted->AsString(), thought);
  } else {
    return wire::Expected("reasoningText or redactedContent");
  }
  if (!extra.empty()) {
    return wire::Expected("a text and a signature");
  }
  json::ForEachMember(value, [&](const Value& key, const Value& member) {
    const std::string name = *key.AsString();
    if (name != "reasoningText" && name != "redactedContent" && !member.IsNull()) {
      KeepInside(kThoughtPlace, name, member, out);
    }
  });
  out.content = std::move(thought);
  return {};
}

using Call = chat::ToolCall;
constexpr wire::Field<Call> kCallFields[] = {
    {"toolUseId", [](const Value& v, Call& out) { return wire::ReadText(v, out.id); }},
    {"name", [](const Value& v, Call& out) { return wire::ReadText(v, out.name); }},
    {"input", [](const Value& v, Call& out) { return wire::ReadRaw(v, out.arguments); }},
};

Status ReadToolUse(const Value& value, Part& out) {
  Call call;
  SB_CHECK_OK(wire::ReadObject(value, kCallFields, call, out.extra));
  for (chat::Member& member : out.extra) {
    member.key.insert(0, kCallPlace);
  }
  if (call.arguments.empty()) {
    call.arguments = "{}";
  }
  out.content = std::move(call);
  return {};
}

// One element of a tool's result. JSON beside other elements is a text for everybody else.
Status ReadResultElement(const Value& element, Strictness strictness, bool only,
                         chat::ToolResult& out) {
  const auto value = element.Find("json");
  if (!value) {
    SB_TRY(Part part, ReadBlock(element, strictness));
    out.parts.push_back(std::move(part));
    return {};
  }
  if (only && element.CountChildren() == 1) {
    out.json = std::string(value->Raw());
    return {};
  }
  out.parts.push_back({.content = chat::Text{std::string(value->Raw()), {}}});
  json::ForEachMember(element, [&](const Value& key, const Value& member) {
    wire::Keep(key, member, out.parts.back().extra);
  });
  return {};
}

Status ReadStatus(const Value& value, chat::ToolResult& out) {
  const auto word = value.AsString();
  if (word != "success" && word != "error") {
    return wire::Expected("success or error");
  }
  out.is_error = word == "error";
  return {};
}

Status ReadToolResult(const Value& value, Strictness strictness, Part& out) {
  chat::ToolResult result;
  result.listed = true;
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  for (auto key = value.FirstChild(); key;) {
    const auto member = key->NextIn(value);
    const std::string name = *key->AsString();
    Status status;
    if (name == "toolUseId") {
      status = wire::ReadText(*member, result.call_id);
    } else if (name == "status") {
      status = ReadStatus(*member, result);
    } else if (name == "content") {
      const bool only = member->CountChildren() == 1;
      status = wire::ReadList(*member, [&](const Value& element) {
        return ReadResultElement(element, strictness, only, result);
      });
    } else {
      KeepInside(kResultPlace, name, *member, out);
    }
    if (!status) {
      return std::unexpected(wire::UnderMember(name, std::move(status).error()));
    }
    key = member->NextIn(value);
  }
  out.content = std::move(result);
  return {};
}

// A call or a result of a tool that the vendor runs: nobody else's business.
bool IsServerTool(std::string_view kind, const Value& value) {
  const auto type = value.Find("type");
  return type &&
         (kind == "toolResult" || (kind == "toolUse" && type->AsString() == "server_tool_use"));
}

Status ReadValue(std::string_view kind, const Value& value, Strictness strictness, Part& out) {
  if (kind == "text") {
    chat::Text text;
    SB_CHECK_OK(wire::ReadText(value, text.text));
    out.content = std::move(text);
    return {};
  }
  if (const auto media = MediaKindOf(kind)) {
    chat::Media content;
    SB_CHECK_OK(ReadMedia(value, *media, content));
    out.content = std::move(content);
    return {};
  }
  if (kind == kCitedText) {
    chat::Text text;
    SB_CHECK_OK(ReadCitationsContent(value, text));
    if (!SaysAllOf(value, text)) {
      KeepInside({}, kCitedText, value, out);
    }
    out.content = std::move(text);
    return {};
  }
  if (kind == "reasoningContent") {
    return ReadReasoning(value, out);
  }
  return kind == "toolUse" ? ReadToolUse(value, out) : ReadToolResult(value, strictness, out);
}

bool IsKnown(std::string_view kind) {
  return kind == "text" || kind == "toolUse" || kind == "toolResult" ||
         kind == "reasoningContent" || kind == "citationsContent" || MediaKindOf(kind);
}

struct Bearer {
  Value key;
  Value value;
};

// The member that says what a block is: the first known one, or the first.
std::optional<Bearer> BearerOf(const Value& block) {
  std::optional<Bearer> first;
  for (auto key = block.FirstChild(); key;) {
    const auto value = key->NextIn(block);
    if (IsKnown(*key->AsString())) {
      return Bearer{*key, *value};
    }
    first = first ? first : Bearer{*key, *value};
    key = value->NextIn(block);
  }
  return first;
}

Result<Part> ReadBlock(const Value& block, Strictness strictness) {  // NOLINT: results hold blocks
  const auto bearer = block.IsObject() ? BearerOf(block) : std::nullopt;
  if (!bearer) {
    return wire::Expected("a content block");
  }
  const std::string kind = *bearer->key.AsString();
  Part part;
  if (!IsKnown(kind) || IsServerTool(kind, bearer->value)) {
    auto words =
        strictness == Strictness::kStrict ? ReadableText(kind, bearer->value) : std::nullopt;
    if (!words) {
      return Raw(block, kind);
    }
    part.content = chat::Text{*std::move(words), {}};
    part.whole = std::string(block.Raw());
    return part;
  }
  if (auto status = ReadValue(kind, bearer->value, strictness, part); !status) {
    if (strictness == Strictness::kLenient) {
      return Raw(block, kind);
    }
    return std::unexpected(wire::UnderMember(kind, std::move(status).error()));
  }
  json::ForEachMember(block, [&](const Value& key, const Value& value) {
    if (key.offset() != bearer->key.offset()) {
      wire::Keep(key, value, part.extra);
    }
  });
  return part;
}

constexpr wire::Field<chat::CacheMarker> kCacheFields[] = {
    {"type",
     [](const Value& v, chat::CacheMarker&) {
       return v.AsString() == "default" ? Status{} : wire::Expected("default");
     }},
    {"ttl", [](const Value& v, chat::CacheMarker& out) { return wire::ReadText(v, out.ttl); }},
};

// Whether `block` is a cachePoint that the last of `parts` can bear.
bool TakeCachePoint(const Value& block, std::vector<Part>& parts) {
  const auto point = block.Find("cachePoint");
  return point && block.CountChildren() == 1 && !parts.empty() && !parts.back().cache &&
         ReadCachePoint(*point, parts.back().cache);
}

}  // namespace

Status ReadCachePoint(const Value& value, std::optional<chat::CacheMarker>& out) {
  chat::CacheMarker marker;
  SB_CHECK_OK(wire::ReadObject(value, kCacheFields, marker, marker.extra));
  out = std::move(marker);
  return {};
}

Status ReadBlocks(const Value& list, Strictness strictness, std::vector<Part>& out) {
  return wire::ReadList(list, [&](const Value& block) -> Status {
    if (TakeCachePoint(block, out)) {
      return {};
    }
    SB_TRY(Part part, ReadBlock(block, strictness));
    out.push_back(std::move(part));
    return {};
  });
}

}  // namespace signalbox::bedrock
