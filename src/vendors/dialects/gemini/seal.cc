#include "vendors/dialects/gemini/seal.h"

#include <utility>

#include "base/core/base64.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/dialects/gemini/base64.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

constexpr std::string_view kMark = "signalbox:";
constexpr std::string_view kMarkInBase64 = "c2lnbmFsYm94O";  // what every seal begins with

std::string TextIn(const json::Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

// Who made it, where nobody says: OpenAI's thoughts have ids, Anthropic's have none.
std::string_view MakerOf(const chat::Reasoning& thought) {
  if (!thought.format.empty()) {
    return thought.format;
  }
  return thought.id.empty() ? "anthropic-claude-v1" : "openai-responses-v1";
}

}  // namespace

bool HoldsSeal(std::string_view body) {
  return body.find(kMarkInBase64) != body.npos;
}

std::string SignatureOf(const chat::Reasoning& thought) {
  if (thought.format == kFormat) {
    return thought.signature;
  }
  if (thought.signature.empty() && thought.redacted.empty() && thought.id.empty()) {
    return {};
  }
  std::string text(kMark);
  json::Writer out(text);
  out.BeginObject();
  wire::RenderText("signature", thought.signature, out);
  wire::RenderText("redacted", thought.redacted, out);
  wire::RenderText("id", thought.id, out);
  wire::RenderText("format", MakerOf(thought), out);
  out.EndObject();
  return core::ToBase64(text);
}

void SetSignature(std::string signature, chat::Reasoning& thought) {
  const auto sealed = signature.starts_with(kMarkInBase64) ? FromBase64(signature) : std::nullopt;
  json::Document document;
  if (!sealed || !sealed->starts_with(kMark) ||
      !document.Parse(std::string_view(*sealed).substr(kMark.size())) ||
      !document.Root().IsObject()) {
    thought.format = signature.empty() ? "" : kFormat;
    thought.signature = std::move(signature);
    return;
  }
  const json::Value root = document.Root();
  thought.signature = TextIn(root, "signature");
  thought.redacted = TextIn(root, "redacted");
  thought.id = TextIn(root, "id");
  thought.format = TextIn(root, "format");
}

}  // namespace signalbox::gemini
