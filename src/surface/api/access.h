// Who may come in: the rules that hold for every route, checked before any of them runs.
//
// Owner:   app/, one for all workers; read only once made.
// Threads: any.
// Errors:  kMisdirected, kForbidden, kUnauthenticated; kUnavailable where the one who would know a
//          credential cannot be asked.
// Cancel:  of Ask, by its deadline.
// Budget:  Recognize: one SHA-256 over the credential where there is an access key, and what the
//          verifier's memory takes.
//
// Without a key Signalbox is for the people at this machine: it listens on loopback only, answers
// only to loopback names (so that no web page can reach it by a name of its own), and refuses
// writes that another site's page sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "base/config/table.h"
#include "base/core/error.h"
#include "base/core/time.h"
#include "io/net/http_head.h"
#include "pipeline/request/principal.h"
#include "surface/api/rule.h"

namespace signalbox::api {

// Who somebody is or why they are refused; nullopt: memory alone does not tell.
using Known = std::optional<core::Result<request::Principal>>;

// Whose a credential is that is not the access key: identity's keys and tokens. One per worker.
class Verifier {
 public:
  // Whether a caller without a credential is let in as well.
  virtual bool open() const = 0;
  // From memory. kUnauthenticated for one that is nobody's, has expired or was revoked; empty: none
  // was sent. Nullopt: somebody else has to be asked.
  virtual Known Recognize(std::string_view credential, core::WallTime now) = 0;
  // For what Recognize left open.
  virtual async::Task<core::Result<request::Principal>> Ask(std::string credential,
                                                            core::WallTime now,
                                                            async::Deadline deadline) = 0;

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
  // The caller's credential, and what it may do, against the route's rule. Where it is nullopt, Ask
  // waits for whoever knows.
  Known Recognize(const net::RequestHead& head, const Rule& rule, Verifier* verifier = nullptr,
                  core::WallTime now = {}) const;
  // `head` is there until the task ends.
  static async::Task<core::Result<request::Principal>> Ask(const net::RequestHead& head, Rule rule,
                                                           Verifier& verifier, core::WallTime now,
                                                           async::Deadline deadline);

 private:
  Known Identify(std::string_view credential, Verifier* verifier, core::WallTime now) const;

  std::string key_digest_;  // SHA-256; empty: no key configured
};

}  // namespace signalbox::api
