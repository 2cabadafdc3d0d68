#include "vendors/dialects/gemini/parse_part.h"

#include <algorithm>

#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/parse_media.h"
#include "vendors/dialects/gemini/seal.h"

namespace signalbox::gemini {
namespace {

using chat::Media;
using core::Status;
using json::Value;
using wire::Strictness;

constexpr wire::Field<RawCall> kCallFields[] = {
    {"id", [](const Value& v, RawCall& out) { return wire::ReadText(v, out.id); }},
    {"name", [](const Value& v, RawCall& out) { return wire::ReadText(v, out.name); }},
    {"args",
     [](const Value& v, RawCall& out) {
       return v.IsObject() ? wire::ReadRaw(v, out.args) : wire::Expected("an object");
     }},
    {"partialArgs",
     [](const Value& v, RawCall& out) { return wire::ReadRaw(v, out.partial_args); }},
    {"willContinue",
     [](const Value& v, RawCall& out) { return wire::ReadBool(v, out.will_continue); }},
};

Status ParseCall(const Value& value, Strictness strictness, CallIds& ids, chat::Part& out) {
  RawCall raw;
  SB_CHECK_OK(ParseRawCall(value, strictness, raw));
  chat::ToolCall call;
  call.id = ids.ForCall(std::move(raw.id), raw.name);
  call.name = std::move(raw.name);
  call.arguments = raw.args.empty() ? "{}" : std::move(raw.args);
  call.inner_extra = std::move(raw.extra);
  out.content = std::move(call);
  return {};
}

struct RawResult {
  std::string id;
  std::string name;
  chat::RawJson response;
  bool failed = false;
  std::vector<chat::Part> media;
};

Status ReadResponse(const Value& value, RawResult& out) {
  const auto key = value.FirstChild();
  out.failed = value.IsObject() && value.CountChildren() == 1 && key->AsString() == "error";
  return value.IsObject() ? wire::ReadRaw(value, out.response) : wire::Expected("an object");
}

Status ReadResultMedia(const Value& value, RawResult& out) {
  return ReadListOrOne(value, [&](const Value& part) -> Status {
    CallIds none;
    return ParsePart(part, Strictness::kStrict, none, out.media.emplace_back());
  });
}

constexpr wire::Field<RawResult> kResultFields[] = {
    {"id", [](const Value& v, RawResult& out) { return wire::ReadText(v, out.id); }},
    {"name", [](const Value& v, RawResult& out) { return wire::ReadText(v, out.name); }},
    {"response", ReadResponse},
    {"parts", ReadResultMedia},
};

// A result with media is parts: its JSON as a text, then the media.
Status ParseResult(const Value& value, Strictness strictness, CallIds& ids, chat::Part& out) {
  RawResult raw;
  SB_CHECK_OK(ReadMembers(value, kResultFields, raw, out.extra, strictness, kResultPrefix));
  chat::ToolResult result;
  result.call_id = ids.ForResult(std::move(raw.id), raw.name);
  result.name = std::move(raw.name);
  if (raw.failed) {
    result.is_error = true;
  }
  if (raw.media.empty()) {
    result.json = raw.response.empty() ? "{}" : std::move(raw.response);
  } else {
    result.listed = true;
    result.parts.push_back({.content = chat::Text{raw.response.empty() ? "{}" : raw.response, {}}});
    std::ranges::move(raw.media, std::back_inserter(result.parts));
  }
  out.content = std::move(result);
  return {};
}

// What a part holds, found in one pass.
struct Found {
  std::optional<Value> data;
  std::string kind;  // the name of `data`, in camelCase
  std::optional<Value> thought;
  std::optional<Value> signature;
  bool several = false;
};

bool IsData(std::string_view name) {
  constexpr std::string_view kKinds[] = {
      "text",           "inlineData",          "fileData", "functionCall", "functionResponse",
      "executableCode", "codeExecutionResult", "toolCall", "toolResponse"};
  return std::ranges::find(kKinds, name) != std::end(kKinds);
}

Found Look(const Value& part, chat::Extra& extra) {
  Found found;
  std::string text;
  std::string scratch;
  json::ForEachMember(part, [&](const Value& key, const Value& value) {
    const std::string_view written = *key.AsText(text);
    const std::string_view name = Camel(written, scratch);
    if (value.IsNull()) {
      return;
    }
    if (IsData(name)) {
      found.several |= found.data.has_value();
      found.data = value;
      found.kind = std::string(name);
    } else if (name == "thought" && !found.thought && value.AsBool()) {
      found.thought = value;
    } else if (name == "thoughtSignature" && !found.signature && value.IsString()) {
      found.signature = value;
    } else {
      KeepUnder({}, written, value, extra);
    }
  });
  return found;
}

// Thoughts and signatures of kinds that the canonical form gives none go back as they came.
void KeepAside(const Found& found, bool thought, bool signature, chat::Extra& extra) {
  if (thought && found.thought) {
    KeepUnder({}, "thought", *found.thought, extra);
  }
  if (signature && found.signature) {
    KeepUnder({}, "thoughtSignature", *found.signature, extra);
  }
}

Status ParseText(const Found& found, chat::Part& out) {
  std::string text;
  if (found.data) {
    SB_CHECK_OK(wire::ReadText(*found.data, text));
  }
  std::string signature = found.signature ? *found.signature->AsString() : "";
  if (found.thought && *found.thought->AsBool()) {
    chat::Reasoning thought;
    thought.text = std::move(text);
    SetSignature(std::move(signature), thought);
    thought.summary = true;
    out.content = std::move(thought);
  } else {
    out.content = chat::Text{std::move(text), {}, std::move(signature)};
  }
  return {};
}

Status ParseKind(const Found& found, Strictness strictness, CallIds& ids, chat::Part& out) {
  if (found.kind == "text" || found.kind.empty()) {
    return ParseText(found, out);
  }
  if (found.kind == "functionCall") {
    KeepAside(found, true, false, out.extra);
    SB_CHECK_OK(ParseCall(*found.data, strictness, ids, out));
    std::get<chat::ToolCall>(out.content).signature =
        found.signature ? *found.signature->AsString() : "";
    return {};
  }
  KeepAside(found, true, true, out.extra);
  if (found.kind == "functionResponse") {
    return ParseResult(*found.data, strictness, ids, out);
  }
  Media media;
  SB_CHECK_OK(ParseMedia(*found.data, strictness, media));
  out.content = std::move(media);
  return {};
}

// What others can read of a part that only Google understands; nothing, but a text, for the calls
// of its own tools. nullopt: its kind is not known.
std::optional<std::string> ReadableText(const Found& found) {
  if (found.several) {
    return std::nullopt;
  }
  const bool code = found.kind == "executableCode";
  if (code || found.kind == "codeExecutionResult") {
    const auto words = Find(*found.data, code ? "code" : "output");
    const std::string text = words ? words->AsString().value_or("") : "";
    return text.empty() ? text : "```\n" + text + (text.ends_with('\n') ? "```\n" : "\n```\n");
  }
  return found.kind == "toolCall" || found.kind == "toolResponse" ? std::optional<std::string>("")
                                                                  : std::nullopt;
}

// A result in an answer is of a tool that Google ran.
bool IsCarriedWhole(const Found& found, Strictness strictness, const chat::Extra& extra) {
  const std::string_view kind = found.kind;
  return found.several || (strictness == Strictness::kLenient && kind == "functionResponse") ||
         kind == "executableCode" || kind == "codeExecutionResult" || kind == "toolCall" ||
         kind == "toolResponse" || (kind.empty() && !extra.empty());
}

}  // namespace

Status ParseRawCall(const Value& value, Strictness strictness, RawCall& out) {
  return ReadMembers(value, kCallFields, out, out.extra, strictness);
}

Status ParsePart(const Value& value, Strictness strictness, CallIds& ids, chat::Part& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  const Found found = Look(value, out.extra);
  if (!IsCarriedWhole(found, strictness, out.extra)) {
    auto status = ParseKind(found, strictness, ids, out);
    if (status) {
      return {};
    }
    if (strictness == Strictness::kStrict) {
      return std::unexpected(wire::UnderMember(found.kind, std::move(status).error()));
    }
  }
  if (auto words = strictness == Strictness::kStrict ? ReadableText(found) : std::nullopt) {
    out.extra.clear();
    out.content = chat::Text{*std::move(words), {}};
    out.whole = std::string(value.Raw());
    return {};
  }
  const std::string kind = !found.kind.empty() ? found.kind
                           : out.extra.empty() ? "part"
                                               : out.extra.front().key;
  out.extra.clear();
  out.content = chat::RawPart{kind, std::string(value.Raw())};
  return {};
}

}  // namespace signalbox::gemini
