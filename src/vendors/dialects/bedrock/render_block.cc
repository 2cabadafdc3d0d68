#include "vendors/dialects/bedrock/render_block.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/dialects/bedrock/citations.h"
#include "vendors/dialects/bedrock/media.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/bedrock/parse_block.h"
#include "vendors/dialects/bedrock/thoughts.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Part;
using core::Status;

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kKeptOfId = 47;  // a digest of 16 digits follows
constexpr std::string_view kNoOutput = "(no output)";

bool FitsId(std::string_view id) {
  constexpr std::string_view kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-";
  return id.size() <= kLongestId && id.find_first_not_of(kCharacters) == std::string_view::npos;
}

// FNV-1a: the same id becomes the same one in every request.
std::uint64_t DigestOf(std::string_view text) {
  std::uint64_t digest = 14695981039346656037U;
  for (const char c : text) {
    digest = (digest ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return digest;
}

std::unexpected<core::Error> Cannot(std::string message) {
  return core::Fail(core::ErrorCode::kInvalidRequest, std::move(message));
}

}  // namespace

std::string FitId(std::string_view id) {
  if (FitsId(id)) {
    return std::string(id);
  }
  std::string fit(id.substr(0, kKeptOfId));
  for (char& c : fit) {
    c = FitsId(std::string_view(&c, 1)) ? c : '_';
  }
  return fmt::format("{}_{:016x}", fit, DigestOf(id));
}

std::string InputOf(std::string_view arguments, json::Document& scratch) {
  if (IsBlank(arguments) || arguments == "null") {
    return "{}";
  }
  return scratch.Parse(arguments, {.unique_keys = false}) && scratch.Root().IsObject()
             ? std::string(scratch.Root().Raw())
             : std::string();
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool BlockWriter::Says(const Part& part) const {
  if (terms_.own) {
    const auto* own = std::get_if<chat::Reasoning>(&part.content);
    return own == nullptr || IsOurs(*own) || !HasSeal(*own);
  }
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    return !IsBlank(text->text);
  }
  if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    return !IsBlank(refusal->text);
  }
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    return terms_.answer ? !thought->text.empty() || HasSeal(*thought)
                         : MayBeSent(*thought, terms_.model);
  }
  return !std::holds_alternative<chat::RawPart>(part.content);
}

bool BlockWriter::takes_cache_points() const {
  const Family family = FamilyOf(terms_.model);
  return terms_.own || family == Family::kClaude || family == Family::kNova ||
         IsOpaque(terms_.model);
}

Status BlockWriter::Write(const Part& part) {
  SB_CHECK_OK(WriteContent(part));
  if (part.cache && takes_cache_points()) {
    WriteCachePoint(*part.cache);
  }
  return {};
}

void BlockWriter::WriteCachePoint(const chat::CacheMarker& marker) {
  out_.BeginObject().Key("cachePoint").BeginObject().Key("type").String("default");
  if (terms_.own || FamilyOf(terms_.model) != Family::kNova) {
    wire::RenderText("ttl", marker.ttl, out_);
  }
  wire::RenderExtra(marker.extra, terms_.own, out_);
  out_.EndObject().EndObject();
}

Status BlockWriter::WriteContent(const Part& part) {
  if (terms_.own && !part.whole.empty()) {
    out_.Raw(part.whole);
  } else if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    WriteText(*text, part);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    WriteReasoning(*thought, part);
  } else if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    return WriteMediaBlock(*media, part);
  } else if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    return WriteCall(*call, part);
  } else if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
    return WriteResult(*result, part);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    out_.BeginObject().Key("text").String(refusal->text).EndObject();
  } else {
    out_.Raw(std::get<chat::RawPart>(part.content).json);
  }
  return {};
}

void BlockWriter::WriteText(const chat::Text& text, const Part& part) {
  out_.BeginObject();
  if (terms_.own && (wire::FindMember(part.extra, "json") != nullptr ||
                     wire::FindMember(part.extra, kCitedText) != nullptr)) {
    // An element of a tool's result, or a text of several: its extra says it all.
  } else if (!text.citations.empty() && (terms_.own || terms_.answer)) {
    out_.Key("citationsContent");
    WriteCitationsContent(text, terms_.own, out_);
  } else {
    out_.Key("text").String(text.text);
  }
  wire::RenderExtra(part.extra, terms_.own, out_);
  out_.EndObject();
}

void BlockWriter::WriteReasoning(const chat::Reasoning& thought, const Part& part) {
  const bool sealed = terms_.answer && HasSeal(thought) && !IsOurs(thought);
  out_.BeginObject().Key("reasoningContent").BeginObject();
  if (sealed && thought.text.empty()) {
    out_.Key("redactedContent").String(SealedRedacted(thought));
  } else if (!sealed && !thought.redacted.empty()) {
    out_.Key("redactedContent").String(WrapRedacted(thought.redacted));
  } else {
    out_.Key("reasoningText").BeginObject().Key("text").String(thought.text);
    wire::RenderText("signature", sealed ? SealedSignature(thought) : thought.signature, out_);
    out_.EndObject();
  }
  wire::RenderUnder(kThoughtPlace, part.extra, terms_.own, out_);
  out_.EndObject();
  wire::RenderBeside(kThoughtPlace, part.extra, terms_.own, out_);
  out_.EndObject();
}

Status BlockWriter::WriteMediaBlock(const chat::Media& media, const Part& part) {
  if (!terms_.answer) {
    SB_CHECK_OK(CheckMedia(media, terms_.own));
  }
  std::string name;  // neutral: the model takes what stands there for an instruction
  if (media.kind == chat::MediaKind::kDocument && !terms_.own) {
    name = fmt::format("Document {}", ++documents_);
  }
  out_.BeginObject().Key(MemberOf(media.kind));
  WriteMedia(media, terms_.own, name, out_);
  wire::RenderExtra(part.extra, terms_.own, out_);
  out_.EndObject();
  return {};
}

std::string BlockWriter::IdOfCall(const chat::ToolCall& call) {
  if (!call.id.empty()) {
    return terms_.own ? call.id : FitId(call.id);
  }
  open_.emplace_back(call.name, fmt::format("call_{}", unnamed_++));
  return open_.back().second;
}

// Without an id: that of the first call of its name which has no result yet, or of the first at
// all.
std::string BlockWriter::IdOfResult(const chat::ToolResult& result) {
  if (!result.call_id.empty() || open_.empty()) {
    return terms_.own ? result.call_id : FitId(result.call_id);
  }
  auto found = std::ranges::find(open_, result.name, &std::pair<std::string, std::string>::first);
  found = found == open_.end() ? open_.begin() : found;
  std::string id = std::move(found->second);
  open_.erase(found);
  return id;
}

Status BlockWriter::WriteCall(const chat::ToolCall& call, const Part& part) {
  std::string input =
      call.kind == chat::CallKind::kFunction ? InputOf(call.arguments, scratch_) : std::string();
  if (input.empty()) {
    if (!terms_.answer && call.kind == chat::CallKind::kFunction) {
      return Cannot("the arguments of a call must be a JSON object");
    }
    json::Writer(input).BeginObject().Key("input").String(call.arguments).EndObject();
  }
  out_.BeginObject().Key("toolUse").BeginObject();
  out_.Key("toolUseId").String(IdOfCall(call)).Key("name").String(call.name);
  out_.Key("input").Raw(input);
  wire::RenderUnder(kCallPlace, part.extra, terms_.own, out_);
  out_.EndObject();
  wire::RenderBeside(kCallPlace, part.extra, terms_.own, out_);
  out_.EndObject();
  return {};
}

Status BlockWriter::WriteResult(const chat::ToolResult& result, const Part& part) {
  out_.BeginObject().Key("toolResult").BeginObject();
  out_.Key("toolUseId").String(IdOfResult(result)).Key("content").BeginArray();
  SB_CHECK_OK(WriteResultContent(result));
  out_.EndArray();
  if (result.is_error && (terms_.own || *result.is_error)) {
    out_.Key("status").String(*result.is_error ? "error" : "success");
  }
  wire::RenderUnder(kResultPlace, part.extra, terms_.own, out_);
  out_.EndObject();
  wire::RenderBeside(kResultPlace, part.extra, terms_.own, out_);
  out_.EndObject();
  return {};
}

Status BlockWriter::WriteResultContent(const chat::ToolResult& result) {
  if (!result.json.empty()) {
    const bool object = terms_.own || result.json.starts_with('{');
    out_.BeginObject();
    object ? out_.Key("json").Raw(result.json) : out_.Key("text").String(result.json);
    out_.EndObject();
    return {};
  }
  bool said = terms_.own;
  for (const Part& part : result.parts) {
    const auto* media = std::get_if<chat::Media>(&part.content);
    if (!terms_.own && media != nullptr && media->kind == chat::MediaKind::kAudio) {
      return Cannot("Bedrock Converse takes no audio in a tool's result");
    }
    if (Says(part)) {
      SB_CHECK_OK(WriteContent(part));
      said = true;
    }
  }
  if (!said) {
    out_.BeginObject().Key("text").String(kNoOutput).EndObject();
  }
  return {};
}

}  // namespace signalbox::bedrock
