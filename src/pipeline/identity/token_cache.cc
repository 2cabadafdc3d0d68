#include "pipeline/identity/token_cache.h"

#include <openssl/evp.h>

#include <cstdint>
#include <memory>

namespace signalbox::identity {

TokenDigest DigestOf(std::string_view token, std::string_view issuer, std::string_view tenant) {
  TokenDigest digest{};
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  // Lengths first, so that no two triples are written alike.
  for (const std::string_view part : {token, issuer, tenant}) {
    const std::uint64_t size = part.size();
    EVP_DigestUpdate(context.get(), &size, sizeof(size));
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::shared_ptr<const request::Grant> TokenCache::Find(const TokenDigest& digest,
                                                       core::WallTime now) {
  const auto found = places_.find(digest);
  if (found == places_.end()) {
    return nullptr;
  }
  if (now >= found->second->until) {
    tokens_.erase(found->second);
    places_.erase(found);
    return nullptr;
  }
  return found->second->grant;
}

void TokenCache::Add(const TokenDigest& digest, std::shared_ptr<const request::Grant> grant,
                     core::WallTime until) {
  if (const auto found = places_.find(digest); found != places_.end()) {
    tokens_.erase(found->second);
    places_.erase(found);
  }
  if (tokens_.size() >= most_) {
    places_.erase(tokens_.front().digest);
    tokens_.pop_front();
  }
  tokens_.push_back({.digest = digest, .grant = std::move(grant), .until = until});
  places_.emplace(digest, std::prev(tokens_.end()));
}

void TokenCache::Drop(const std::function<bool(const request::Grant&)>& which) {
  std::erase_if(places_, [&](const auto& entry) {
    if (!which(*entry.second->grant)) {
      return false;
    }
    tokens_.erase(entry.second);
    return true;
  });
}

void TokenCache::Clear() {
  places_.clear();
  tokens_.clear();
}

}  // namespace signalbox::identity
