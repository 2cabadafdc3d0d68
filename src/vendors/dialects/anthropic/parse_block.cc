#include "vendors/dialects/anthropic/parse_block.h"

#include <optional>
#include <utility>

#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/parse_source.h"
#include "vendors/dialects/anthropic/readable.h"
#include "vendors/dialects/anthropic/seal.h"

namespace signalbox::anthropic {
namespace {

using chat::Part;
using core::Status;
using json::Value;

// All that a block of a known type may hold.
struct Form {
  std::string type;
  std::string text;  // of a thought or a redacted one
  std::string signature;
  std::string id;
  std::string name;
  chat::RawJson input;
  std::vector<Part> content;
  bool listed = false;
  std::optional<bool> is_error;
  std::optional<chat::CacheMarker> cache;
  std::string title;
  std::optional<chat::Media> source;
};

using F = Form;
using V = const Value&;

Status ReadType(V, F&) {
  return {};  // known, or nobody would read this form
}
Status ReadCacheControl(V v, F& f) {
  return wire::ReadCache(v, f.cache);
}
Status ReadInput(V v, F& f) {
  return v.IsObject() ? wire::ReadRaw(v, f.input) : wire::Expected("an object");
}
Status ReadCitations(V v, std::vector<chat::Citation>& out) {
  return wire::ReadList(v, [&](V element) { return ParseCitation(element, out.emplace_back()); });
}
chat::Text& TextOf(Part& part) {
  return std::get<chat::Text>(part.content);
}

// A text goes straight into its part, as most blocks are texts.
constexpr wire::Field<Part> kTextFields[] = {
    {"type", [](V, Part&) { return Status{}; }},
    {"text", [](V v, Part& out) { return wire::ReadText(v, TextOf(out).text); }},
    {"citations", [](V v, Part& out) { return ReadCitations(v, TextOf(out).citations); }},
    {"cache_control", [](V v, Part& out) { return wire::ReadCache(v, out.cache); },
     wire::OnFailure::kKeep},
};
constexpr wire::Field<F> kThinkingFields[] = {
    {"type", ReadType},
    {"thinking", [](V v, F& f) { return wire::ReadText(v, f.text); }},
    {"signature", [](V v, F& f) { return wire::ReadText(v, f.signature); }},
};
constexpr wire::Field<F> kRedactedFields[] = {
    {"type", ReadType},
    {"data", [](V v, F& f) { return wire::ReadText(v, f.text); }},
};
constexpr wire::Field<F> kCallFields[] = {
    {"type", ReadType},
    {"id", [](V v, F& f) { return wire::ReadText(v, f.id); }},
    {"name", [](V v, F& f) { return wire::ReadText(v, f.name); }},
    {"input", ReadInput},
    {"cache_control", ReadCacheControl, wire::OnFailure::kKeep},
};
constexpr wire::Field<F> kResultFields[] = {
    {"type", ReadType},
    {"tool_use_id", [](V v, F& f) { return wire::ReadText(v, f.id); }},
    {"content",
     [](V v, F& f) { return ParseContent(v, wire::Strictness::kStrict, f.content, f.listed); }},
    {"is_error", [](V v, F& f) { return wire::ReadBool(v, f.is_error); }},
    {"cache_control", ReadCacheControl, wire::OnFailure::kKeep},
};
constexpr wire::Field<F> kMediaFields[] = {
    {"type", ReadType},
    {"source", [](V v, F& f) { return ParseSource(v, f.source.emplace()); }},
    {"title", [](V v, F& f) { return wire::ReadText(v, f.title); }, wire::OnFailure::kKeep},
    {"cache_control", ReadCacheControl, wire::OnFailure::kKeep},
};

template <std::size_t N>
Status Read(V block, const wire::Field<F> (&fields)[N], F& form, Part& out) {
  SB_CHECK_OK(wire::ReadObject(block, fields, form, out.extra));
  out.cache = std::move(form.cache);
  return {};
}

Status ReadTextBlock(V block, Part& out) {
  out.content.emplace<chat::Text>();
  return wire::ReadObject(block, kTextFields, out, out.extra);
}

Status ReadThinking(V block, Part& out) {
  Form form;
  SB_CHECK_OK(Read(block, kThinkingFields, form, out));
  if (auto seal = Unseal(form.signature)) {
    out.content = ThoughtOf(*std::move(seal), std::move(form.text));
    return {};
  }
  chat::Reasoning thought;
  thought.text = std::move(form.text);
  thought.signature = std::move(form.signature);
  thought.format = thought.signature.empty() ? "" : kThoughtFormat;
  out.content = std::move(thought);
  return {};
}

Status ReadRedacted(V block, Part& out) {
  Form form;
  SB_CHECK_OK(Read(block, kRedactedFields, form, out));
  if (auto seal = Unseal(form.text)) {
    out.content = ThoughtOf(*std::move(seal), {});
    return {};
  }
  chat::Reasoning thought;
  thought.redacted = std::move(form.text);
  thought.format = kThoughtFormat;
  out.content = std::move(thought);
  return {};
}

Status ReadCall(V block, Part& out) {
  Form form;
  SB_CHECK_OK(Read(block, kCallFields, form, out));
  chat::ToolCall call;
  call.id = std::move(form.id);
  call.name = std::move(form.name);
  call.arguments = form.input.empty() ? "{}" : std::move(form.input);
  out.content = std::move(call);
  return {};
}

Status ReadResult(V block, Part& out) {
  Form form;
  SB_CHECK_OK(Read(block, kResultFields, form, out));
  if (form.id.empty()) {
    return std::unexpected(
        wire::UnderMember("tool_use_id", wire::Expected("the id of a tool_use").error()));
  }
  chat::ToolResult result;
  result.call_id = std::move(form.id);
  result.parts = std::move(form.content);
  result.listed = form.listed;
  result.is_error = form.is_error;
  out.content = std::move(result);
  return {};
}

// Of a request, others get the words of it where it has some.
Status ReadRawBlock(V block, std::string type, wire::Strictness strictness, Part& out) {
  auto words = strictness == wire::Strictness::kStrict ? ReadableText(block, type) : std::nullopt;
  if (!words) {
    out.content = chat::RawPart{std::move(type), std::string(block.Raw())};
    return {};
  }
  out.content = chat::Text{*std::move(words), {}};
  out.whole = std::string(block.Raw());
  const auto marker = block.Find("cache_control");
  if (marker && !marker->IsNull()) {
    (void)wire::ReadCache(*marker, out.cache);
  }
  return {};
}

// A source of a kind that is not known keeps the block as it is.
template <chat::MediaKind kKind>
Status ReadMedia(V block, Part& out) {
  Form form;
  SB_CHECK_OK(Read(block, kMediaFields, form, out));
  if (!form.source) {
    return std::unexpected(wire::UnderMember("source", wire::Expected("an object").error()));
  }
  form.source->kind = kKind;
  form.source->name = std::move(form.title);
  out.content = *std::move(form.source);
  return {};
}

Status ReadBlock(V block, const std::string& type, wire::Strictness strictness, Part& out) {
  if (type == "text") {
    return ReadTextBlock(block, out);
  }
  if (type == "tool_use") {
    return ReadCall(block, out);
  }
  if (type == "tool_result") {
    return ReadResult(block, out);
  }
  if (type == "thinking") {
    return ReadThinking(block, out);
  }
  if (type == "redacted_thinking") {
    return ReadRedacted(block, out);
  }
  if (type == "image" && HasKnownSource(block)) {
    return ReadMedia<chat::MediaKind::kImage>(block, out);
  }
  if (type == "document" && HasKnownSource(block)) {
    return ReadMedia<chat::MediaKind::kDocument>(block, out);
  }
  return ReadRawBlock(block, type, strictness, out);
}

void Sign(Part& part, const std::string& signature) {
  if (auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    call->signature = signature;
  } else if (auto* text = std::get_if<chat::Text>(&part.content)) {
    text->signature = signature;
  }
}

// A redacted block that only carries the signature of a part beside it.
std::optional<Seal> CarriedBy(V block) {
  const auto data = block.Find("data");
  std::string scratch;
  const auto text = data ? data->AsText(scratch) : std::nullopt;
  auto seal = text ? Unseal(*text) : std::nullopt;
  return seal && seal->on != SealOn::kThought ? std::move(seal) : std::nullopt;
}

}  // namespace

std::string TextIn(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

Status ParseBlock(const Value& block, wire::Strictness strictness, Part& out) {
  const auto type = block.Find("type");
  const auto word = type ? type->AsString() : std::nullopt;
  if (!word) {
    return std::unexpected(wire::UnderMember("type", wire::Expected("a string").error()));
  }
  auto status = ReadBlock(block, *word, strictness, out);
  if (!status && strictness == wire::Strictness::kLenient) {
    out = {};
    return ReadRawBlock(block, *word, strictness, out);
  }
  return status;
}

Status ParseContent(const Value& content, wire::Strictness strictness, std::vector<Part>& out,
                    bool& listed) {
  if (content.IsString()) {
    return wire::ReadText(content, TextOf(out.emplace_back()).text);
  }
  if (!content.IsArray()) {
    return wire::Expected("a string or a list of content blocks");
  }
  out.reserve(out.size() + content.CountChildren());
  listed = true;
  std::string next;  // the signature of the part that follows
  return wire::ReadList(content, [&](const Value& block) -> Status {
    if (auto seal = CarriedBy(block)) {
      if (seal->on == SealOn::kNext) {
        next = std::move(seal->signature);
      } else if (!out.empty()) {
        Sign(out.back(), seal->signature);
      }
      return {};
    }
    SB_CHECK_OK(ParseBlock(block, strictness, out.emplace_back()));
    if (!next.empty()) {
      Sign(out.back(), next);
      next.clear();
    }
    return {};
  });
}

}  // namespace signalbox::anthropic
