// Tokens that this worker has checked: who they are, until they end.
//
// Owner:   Logins, one per worker. Threads: the worker's. Errors: none. Cancel: nothing to undo.
//
// A token is found by SHA-256 over all of it, its issuer and its tenant: tokens of one issuer begin
// alike, and no part of one stands for the whole.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/core/time.h"
#include "pipeline/identity/entry.h"

namespace signalbox::identity {

using TokenDigest = std::array<std::byte, 32>;
TokenDigest DigestOf(std::string_view token, std::string_view issuer, std::string_view tenant);

class TokenCache {
 public:
  explicit TokenCache(std::size_t most) : most_(most) {}

  std::shared_ptr<const request::Grant> Find(const TokenDigest& digest, core::WallTime now);
  // The oldest makes room when there are too many.
  void Add(const TokenDigest& digest, std::shared_ptr<const request::Grant> grant,
           core::WallTime until);
  void Drop(const std::function<bool(const request::Grant&)>& which);
  void Clear();
  std::size_t size() const { return tokens_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const TokenDigest& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof(hash));
      return hash;
    }
  };
  struct Known {
    TokenDigest digest;
    std::shared_ptr<const request::Grant> grant;
    core::WallTime until;
  };
  using Place = std::list<Known>::iterator;

  const std::size_t most_;
  std::list<Known> tokens_;  // in the order of their coming
  std::unordered_map<TokenDigest, Place, Hash> places_;
};

}  // namespace signalbox::identity
