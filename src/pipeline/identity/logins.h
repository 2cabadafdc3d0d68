// People and services that come with an issuer's token (OpenID Connect), as one worker sees them.
//
// Owner:   the worker; goes before its view and its loop, after Close was awaited.
// Threads: the worker's; users are looked up on the pool.
// Errors:  kUnauthenticated: the token is refused, and why. kUnavailable: the issuer's keys or the
//          database cannot be reached and the token is not known yet.
// Cancel:  whoever asks stops waiting at the deadline; what has begun ends by itself.
// Budget:  a token that is known: its claims read and one SHA-256 over it.
#pragma once

#include <map>
#include <memory>
#include <string>

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

class Logins {
 public:
  struct Parts {
    async::Loop& loop;
    async::Pool& pool;
    DirectoryView& view;
    TokenUsers& users;
    net::Resolver& resolver;
    std::shared_ptr<const net::TlsContext> tls;
  };

  Logins(Parts parts, const std::map<std::string, IssuerOptions>& issuers);
  ~Logins();
  Logins(const Logins&) = delete;
  Logins& operator=(const Logins&) = delete;

  // `now` is civil time; the deadline is the caller's.
  async::Task<core::Result<request::Principal>> Find(std::string token, core::WallTime now,
                                                     async::Deadline deadline);
  // A reload.
  void Adopt(const std::map<std::string, IssuerOptions>& issuers);
  // Ends what goes on; awaited before the object goes.
  async::Task<void> Close();

  std::size_t remembered() const { return cache_.size(); }

 private:
  struct Issuer {
    IssuerOptions options;
    std::shared_ptr<KeySource> keys;
  };
  using IssuerPtr = std::shared_ptr<Issuer>;

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
