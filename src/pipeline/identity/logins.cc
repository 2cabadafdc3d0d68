#include "pipeline/identity/logins.h"

#include <algorithm>

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;
using GrantPtr = std::shared_ptr<const request::Grant>;

request::Principal PrincipalOf(GrantPtr grant) {
  return {.id = grant->parties.user.Text(), .grant = std::move(grant)};
}

}  // namespace

Logins::Logins(Parts parts, const Issuers& issuers, const IssuerTls& tls)
    : parts_(parts), gate_(parts_.loop) {
  Adopt(issuers, tls);
  parts_.view.OnUpdate([this](const Update& update) { Forget(update); });
}

Logins::~Logins() {
  parts_.view.OnUpdate({});
}

async::Task<void> Logins::Close() {
  gate_.Close();
  co_await gate_.Drained({});
}

void Logins::Adopt(const Issuers& issuers, const IssuerTls& tls) {
  issuers_.clear();
  cache_.Clear();
  ++changes_;
  for (const auto& [name, options] : issuers) {
    const auto context = tls.find(name);
    auto keys =
        std::make_shared<KeySource>(parts_.loop, gate_, parts_.resolver,
                                    context == tls.end() ? nullptr : context->second, options);
    issuers_.emplace(options.issuer,
                     std::make_shared<Issuer>(Issuer{.options = options, .keys = std::move(keys)}));
  }
}

Logins::IssuerPtr Logins::IssuerOf(const Jwt& token) const {
  const auto found = issuers_.find(token.issuer);
  return found == issuers_.end() ? nullptr : found->second;
}

std::optional<request::Principal> Logins::Recognize(std::string_view token, core::WallTime now) {
  const auto jwt = Jwt::Parse(token);
  const IssuerPtr issuer = jwt ? IssuerOf(*jwt) : nullptr;
  if (issuer == nullptr) {
    return std::nullopt;
  }
  GrantPtr known = cache_.Find(DigestOf(token, jwt->issuer, issuer->options.tenant), now);
  return known != nullptr ? std::optional(PrincipalOf(std::move(known))) : std::nullopt;
}

void Logins::Forget(const Update& update) {
  if (update.whole) {
    cache_.Clear();
    ++changes_;
  } else if (!update.users.empty() || !update.tenants.empty()) {
    ++changes_;
    cache_.Drop([&](const request::Grant& grant) {
      return std::ranges::find(update.users, grant.parties.user) != update.users.end() ||
             std::ranges::find(update.tenants, grant.parties.tenant) != update.tenants.end();
    });
  }
}

async::Task<core::Result<Bearer>> Logins::Check(const Jwt& token, Issuer& issuer,
                                                core::WallTime now, async::Deadline deadline) {
  // The claims come first: what is refused by them costs no fetch and no signature.
  SB_CO_TRY(Bearer bearer, CheckClaims(token, issuer.options, now));
  auto keys = co_await issuer.keys->Get(token.key_id, token.algorithm, deadline);
  if (!keys) {
    co_return std::unexpected(std::move(keys).error());
  }
  const PublicKey* const key = (*keys)->Find(token.key_id, token.algorithm);
  if (key == nullptr || !Verify(*key, token.signed_text, token.signature)) {
    co_return Fail(ErrorCode::kUnauthenticated,
                   "the token is refused: none of its issuer's keys has signed it");
  }
  co_return bearer;
}

async::Task<core::Result<request::Principal>> Logins::Find(std::string token, core::WallTime now,
                                                           async::Deadline deadline) {
  SB_CO_TRY(const Jwt jwt, Jwt::Parse(token));
  const IssuerPtr issuer = IssuerOf(jwt);  // a reload may take it away meanwhile
  if (issuer == nullptr) {
    co_return Fail(ErrorCode::kUnauthenticated,
                   "the token is refused: its issuer is none that identity.oidc names");
  }
  const TokenDigest digest = DigestOf(token, jwt.issuer, issuer->options.tenant);
  if (GrantPtr known = cache_.Find(digest, now); known != nullptr) {
    co_return PrincipalOf(std::move(known));
  }
  const std::uint64_t changes = changes_;
  auto checked = co_await Check(jwt, *issuer, now, deadline);
  if (!checked) {
    co_return std::unexpected(std::move(checked).error());
  }
  const Bearer bearer = *std::move(checked);
  std::function<core::Result<GrantPtr>()> admit = [users = &parts_.users, issuer, bearer, now] {
    return users->Admit(bearer, issuer->options, now);
  };
  auto admitted = co_await async::OnPool(parts_.loop, parts_.pool, std::move(admit), deadline);
  if (!admitted) {
    co_return Fail(ErrorCode::kUnavailable, "users cannot be looked up now; try again");
  }
  if (!*admitted) {
    co_return std::unexpected(std::move(*admitted).error());
  }
  GrantPtr grant = **std::move(admitted);
  if (changes == changes_) {
    cache_.Add(digest, grant, bearer.expires);
  }
  co_return PrincipalOf(std::move(grant));
}

}  // namespace signalbox::identity
