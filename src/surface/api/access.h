// Who may come in: the rules that hold for every route, checked before any of them runs.
//
// Owner:   app/, one for all workers; read only once made.
// Threads: any.
// Errors:  kMisdirected, kForbidden, kUnauthenticated.
//
// Without a key Signalbox is for the people at this machine: it listens on loopback only, answers
// only to loopback names (so that no web page can reach it by a name of its own), and refuses
// writes that another site's page sends.
#pragma once

#include <string>
#include <string_view>

#include "base/config/table.h"
#include "base/core/error.h"
#include "base/core/time.h"
#include "io/net/http_head.h"
#include "pipeline/request/principal.h"
#include "surface/api/rule.h"

namespace signalbox::api {

// Whose a credential is that is not the access key: identity's keys and tokens. One per worker.
class Verifier {
 public:
  // Whether a caller without a credential is let in as well.
  virtual bool open() const = 0;
  // kUnauthenticated for one that is nobody's, has expired or was revoked; empty: none was sent.
  virtual core::Result<request::Principal> Verify(std::string_view credential,
                                                  core::WallTime now) = 0;

 protected:
  ~Verifier() = default;
};

// The `access` section of the configuration.
struct AccessOptions {
  config::Secret key;
};
const config::Table<AccessOptions>& AccessTable();

class AccessRules {
 public:
  explicit AccessRules(const AccessOptions& options);

  bool has_key() const { return !key_digest_.empty(); }

  // Host and Origin, for every route. `verifier` may be null here and below.
  core::Status CheckGuards(const net::RequestHead& head, const Verifier* verifier = nullptr) const;
  // The caller's credential, and what it may do, against the route's rule.
  core::Result<request::Principal> Authenticate(const net::RequestHead& head, const Rule& rule,
                                                Verifier* verifier = nullptr,
                                                core::WallTime now = {}) const;

 private:
  core::Result<request::Principal> Identify(const net::RequestHead& head, Verifier* verifier,
                                            core::WallTime now) const;

  std::string key_digest_;  // SHA-256; empty: no key configured
};

}  // namespace signalbox::api
