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
  out.parts.back().extra.push_back({"json", std::string(value->Raw())});
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
      wire::Keep(*key, *member, out.extra);
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
  if (kind == "citationsContent") {
    chat::Text text;
    SB_CHECK_OK(ReadCitationsContent(value, text));
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
  if (!IsKnown(kind) || IsServerTool(kind, bearer->value)) {
    return Raw(block, kind);
  }
  Part part;
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
