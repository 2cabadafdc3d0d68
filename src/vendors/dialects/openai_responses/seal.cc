#include "vendors/dialects/openai_responses/seal.h"

#include <utility>

namespace signalbox::openai_responses {
namespace {

// "sb1.<s|r>.<who made it>:<the signature or the redacted thought>"
constexpr std::string_view kMark = "sb1.";

}  // namespace

std::string Sealed(const chat::Reasoning& thought) {
  const bool is_signed = !thought.signature.empty();
  if (!is_signed && thought.redacted.empty()) {
    return {};
  }
  std::string text(kMark);
  text.append(is_signed ? "s." : "r.").append(thought.format).append(":");
  return text.append(is_signed ? thought.signature : thought.redacted);
}

bool Unseal(chat::Reasoning& thought) {
  const std::string_view text = thought.redacted;
  const std::size_t colon = text.find(':');
  if (!text.starts_with(kMark) || colon == std::string_view::npos || colon < kMark.size() + 2) {
    return false;
  }
  const bool is_signed = text[kMark.size()] == 's';
  std::string format(text.substr(kMark.size() + 2, colon - kMark.size() - 2));
  std::string value(text.substr(colon + 1));
  thought.format = std::move(format);
  thought.redacted.clear();
  (is_signed ? thought.signature : thought.redacted) = std::move(value);
  return true;
}

std::string CallSignature(const json::Value& extra_content) {
  const auto google = extra_content.Find("google");
  const auto signature = google ? google->Find("thought_signature") : std::nullopt;
  return signature ? signature->AsString().value_or("") : "";
}

void RenderCallSignature(const std::string& signature, json::Writer& out) {
  if (signature.empty()) {
    return;
  }
  out.Key("extra_content").BeginObject().Key("google").BeginObject();
  out.Key("thought_signature").String(signature).EndObject().EndObject();
}

}  // namespace signalbox::openai_responses
