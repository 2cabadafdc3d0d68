// People and services that come with an issuer's token (OpenID Connect), as one worker sees them.
//
// Owner:   the worker; goes before its view and its loop, after Close was awaited.
// Threads: the worker's; users are looked up on the pool.
// Errors:  kUnauthenticated: the token is refused, and why. kUnavailable: the issuer's keys or the
//          database cannot be reached and the token is not known yet.
// Cancel:  whoever asks stops waiting at the deadline; what has begun ends by itself.
// Budget:  a token that is known: its claims read and one SHA-256 over it; it waits for nothing.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/async/gate.h"
#include "base/async/pool.h"
#include "pipeline/identity/key_source.h"
#include "pipeline/identity/options.h"
#include "pipeline/identity/token_cache.h"
#include "pipeline/identity/token_users.h"
#include "pipeline/identity/view.h"
#include "pipeline/request/principal.h"

namespace signalbox::identity {

inline constexpr std::size_t kMostTokens = 10'000;  // that a worker remembers

using Issuers = std::map<std::string, IssuerOptions>;  // by the names that operators give them
// What their certificates are checked against, by the same names; none: no https.
using IssuerTls = std::map<std::string, std::shared_ptr<const net::TlsContext>>;

class Logins {
 public:
  struct Parts {
    async::Loop& loop;
    async::Pool& pool;
    DirectoryView& view;
    TokenUsers& users;
    net::Resolver& resolver;
  };

  Logins(Parts parts, const Issuers& issuers, const IssuerTls& tls);
  ~Logins();
  Logins(const Logins&) = delete;
  Logins& operator=(const Logins&) = delete;

  // Whether `text` is to be told by its issuer, if by anybody.
  bool Takes(std::string_view text) const { return !issuers_.empty() && Jwt::Looks(text); }
  // Whose a token is that was checked before; nullopt: Find has to look. `now` is civil time.
  std::optional<request::Principal> Recognize(std::string_view token, core::WallTime now);
  // The deadline is the caller's.
  async::Task<core::Result<request::Principal>> Find(std::string token, core::WallTime now,
                                                     async::Deadline deadline);
  // A reload.
  void Adopt(const Issuers& issuers, const IssuerTls& tls);
  // Ends what goes on; awaited before the object goes.
  async::Task<void> Close();

  std::size_t remembered() const { return cache_.size(); }

 private:
  struct Issuer {
    IssuerOptions options;
    std::shared_ptr<KeySource> keys;
  };
  using IssuerPtr = std::shared_ptr<Issuer>;

  IssuerPtr IssuerOf(const Jwt& token) const;
  void Forget(const Update& update);
  async::Task<core::Result<Bearer>> Check(const Jwt& token, Issuer& issuer, core::WallTime now,
                                          async::Deadline deadline);

  Parts parts_;
  async::Gate gate_;
  std::map<std::string, IssuerPtr, std::less<>> issuers_;  // by their `iss`
  TokenCache cache_{kMostTokens};
  std::uint64_t changes_ = 0;  // that may concern somebody whose token is being checked
};

}  // namespace signalbox::identity
