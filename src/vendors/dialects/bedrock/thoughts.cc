#include "vendors/dialects/bedrock/thoughts.h"

#include <algorithm>
#include <utility>

#include "base/core/base64.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

constexpr std::string_view kMark = "signalbox:{";
constexpr std::string_view kMarkInBase64 = "c2lnbmFsYm94On";  // what it begins every seal with

// Tags of protobuf fields: number and wire type in a byte.
constexpr char kBytes1 = 0x0a;
constexpr char kBytes2 = 0x12;
constexpr char kVarint1 = 0x08;
constexpr char kVarint2 = 0x10;
constexpr char kVarint3 = 0x18;

bool Take(std::string_view& bytes, char tag) {
  if (!bytes.starts_with(tag)) {
    return false;
  }
  bytes.remove_prefix(1);
  return true;
}

void SkipVarint(std::string_view& bytes) {
  while (!bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0) {
    bytes.remove_prefix(1);
  }
  bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 1));
}

bool IsPlainText(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string TextIn(const json::Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

// Who made it, where nobody says: OpenAI's thoughts have ids.
std::string_view MakerOf(const chat::Reasoning& thought) {
  return !thought.format.empty() ? std::string_view(thought.format)
         : thought.id.empty()    ? std::string_view("unknown")
                                 : std::string_view("openai-responses-v1");
}

bool Unseal(std::string_view text, chat::Reasoning& thought) {
  json::Document document;
  if (!text.starts_with(kMark) || !document.Parse(text.substr(kMark.size() - 1))) {
    return false;
  }
  const json::Value root = document.Root();
  thought.signature = TextIn(root, "signature");
  thought.redacted = TextIn(root, "redacted");
  thought.id = TextIn(root, "id");
  thought.format = TextIn(root, "format");
  return true;
}

}  // namespace

bool IsMadeByClaude(std::string_view seal) {
  constexpr std::size_t kHead = 32;  // digits: enough for the header's first fields
  const auto decoded = core::FromBase64(seal.substr(0, kHead));
  if (!decoded) {
    return false;
  }
  std::string_view bytes = *decoded;
  if (!Take(bytes, kBytes2)) {
    return false;
  }
  SkipVarint(bytes);
  if (!Take(bytes, kBytes1)) {
    return false;
  }
  SkipVarint(bytes);
  for (const char tag : {kVarint1, kVarint2}) {
    if (Take(bytes, tag)) {
      SkipVarint(bytes);
    }
  }
  return Take(bytes, kVarint3);
}

std::string UnwrapRedacted(std::string_view redacted_content) {
  auto inside = core::FromBase64(redacted_content);
  if (inside && IsPlainText(*inside) && !inside->starts_with('=') &&
      core::ToBase64(*inside) == redacted_content) {
    return *std::move(inside);
  }
  return "=" + std::string(redacted_content);
}

std::string WrapRedacted(std::string_view redacted) {
  return redacted.starts_with('=') ? std::string(redacted.substr(1)) : core::ToBase64(redacted);
}

void SetSignature(std::string signature, chat::Reasoning& thought) {
  if (signature.empty() || Unseal(signature, thought)) {
    return;
  }
  thought.signature = std::move(signature);
  thought.format = kClaudeFormat;
}

void SetRedacted(std::string_view redacted_content, chat::Reasoning& thought) {
  if (redacted_content.starts_with(kMarkInBase64)) {
    const auto sealed = core::FromBase64(redacted_content);
    if (sealed && Unseal(*sealed, thought)) {
      return;
    }
  }
  thought.redacted = UnwrapRedacted(redacted_content);
  thought.format = thought.redacted.starts_with('=') ? kBedrockFormat : kClaudeFormat;
}

bool IsOurs(const chat::Reasoning& thought) {
  return thought.format == kClaudeFormat || thought.format == kBedrockFormat;
}

bool HasSeal(const chat::Reasoning& thought) {
  return !thought.signature.empty() || !thought.redacted.empty();
}

std::string SealedSignature(const chat::Reasoning& thought) {
  std::string text(kMark.substr(0, kMark.size() - 1));
  json::Writer out(text);
  out.BeginObject();
  wire::RenderText("signature", thought.signature, out);
  wire::RenderText("redacted", thought.redacted, out);
  wire::RenderText("id", thought.id, out);
  wire::RenderText("format", MakerOf(thought), out);
  out.EndObject();
  return text;
}

std::string SealedRedacted(const chat::Reasoning& thought) {
  return core::ToBase64(SealedSignature(thought));
}

bool HoldsSeal(std::string_view body) {
  return body.find(kMark) != body.npos || body.find(kMarkInBase64) != body.npos;
}

bool MayBeSent(const chat::Reasoning& thought, std::string_view model) {
  if (FamilyOf(model) != Family::kClaude && !IsOpaque(model)) {
    return false;
  }
  if (IsOurs(thought)) {
    return HasSeal(thought);
  }
  return thought.format.empty() &&  // nobody says whose it is: its form does
         IsMadeByClaude(thought.redacted.empty() ? thought.signature : thought.redacted);
}

}  // namespace signalbox::bedrock
