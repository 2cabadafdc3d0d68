#include "vendors/dialects/anthropic/seal.h"

#include <utility>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

constexpr std::string_view kMark = "signalbox:";
constexpr std::string_view kOn[] = {"thought", "next", "last"};

}  // namespace

bool IsSealed(std::string_view text) {
  return text.starts_with(kMark);
}

std::string SealText(const Seal& seal) {
  std::string text(kMark);
  json::Writer out(text);
  out.BeginObject().Key("on").String(kOn[static_cast<std::size_t>(seal.on)]);
  wire::RenderText("signature", seal.signature, out);
  wire::RenderText("redacted", seal.redacted, out);
  wire::RenderText("id", seal.id, out);
  wire::RenderText("format", seal.format, out);
  out.EndObject();
  return text;
}

std::optional<Seal> Unseal(std::string_view text) {
  if (!IsSealed(text)) {
    return std::nullopt;
  }
  text.remove_prefix(kMark.size());
  json::Document document;
  if (!document.Parse(text) || !document.Root().IsObject()) {
    return std::nullopt;
  }
  const json::Value root = document.Root();
  const std::string on = TextIn(root, "on");
  return Seal{.on = on == kOn[1]   ? SealOn::kNext
                    : on == kOn[2] ? SealOn::kLast
                                   : SealOn::kThought,
              .signature = TextIn(root, "signature"),
              .redacted = TextIn(root, "redacted"),
              .id = TextIn(root, "id"),
              .format = TextIn(root, "format")};
}

std::optional<Seal> SealOf(const chat::Reasoning& thought) {
  if (thought.signature.empty() && thought.redacted.empty() && thought.id.empty()) {
    return std::nullopt;
  }
  return Seal{SealOn::kThought, thought.signature, thought.redacted, thought.id, thought.format};
}

chat::Reasoning ThoughtOf(Seal seal, std::string text) {
  chat::Reasoning thought;
  thought.text = std::move(text);
  thought.signature = std::move(seal.signature);
  thought.redacted = std::move(seal.redacted);
  thought.id = std::move(seal.id);
  thought.format = std::move(seal.format);
  if (thought.format.empty()) {  // OpenAI's thoughts have ids
    thought.format = thought.id.empty() ? "unknown" : "openai-responses-v1";
  }
  return thought;
}

}  // namespace signalbox::anthropic
