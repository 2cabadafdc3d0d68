#include "pipeline/gateway/hide_secrets.h"

namespace signalbox::gateway {
namespace {

constexpr std::string_view kHidden = "***";
// Shorter ones are no secrets, and stand in any text by chance.
constexpr std::size_t kShortest = 8;

void Hide(const config::Secret& secret, std::string_view text, std::optional<std::string>& out) {
  const std::string_view word = secret.Reveal();
  if (word.size() < kShortest) {
    return;
  }
  for (std::size_t at = (out ? std::string_view(*out) : text).find(word); at != text.npos;
       at = out->find(word, at + kHidden.size())) {
    if (!out) {
      out.emplace(text);
    }
    out->replace(at, word.size(), kHidden);
  }
}

}  // namespace

std::optional<std::string> HideSecrets(std::string_view text, const providers::Provider& provider) {
  std::optional<std::string> out;
  for (const providers::ProviderKey& key : provider.keys) {
    Hide(key.secret, text, out);
  }
  Hide(provider.gateway_key, text, out);
  return out;
}

}  // namespace signalbox::gateway
