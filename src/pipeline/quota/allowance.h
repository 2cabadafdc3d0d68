// The subjects that every request under a credential counts for, looked up once when the credential
// is loaded.
//
// Owner:   a Grant. Threads: any; read only once made. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "pipeline/quota/registry.h"
#include "pipeline/request/grant.h"

namespace signalbox::quota {

inline constexpr std::size_t kMostParties = 6;  // total, tenant, team, user, key, project

struct Allowance final : request::Allowance {
  std::array<Subject*, kMostParties> subjects{};
  std::uint32_t count = 0;
};

// For Grant::allowance. May make subjects: where a credential is loaded, not on a request's way.
std::shared_ptr<request::Allowance> Resolve(Registry& registry, const request::Parties& parties);
void ResolveInto(Registry& registry, const request::Parties& parties, Allowance& allowance);

// Who counts as the user at a provider: the key's user, or a key that has none itself. Zero:
// nobody.
core::Uuid PayerOf(const request::Parties& parties);

// Tags as they are sent, "a,b=c": one at a time, without spaces around; empty at the end.
std::string_view NextTag(std::string_view& tags);
inline constexpr std::size_t kMostTags = 8;  // of one call; more are not limited

}  // namespace signalbox::quota
