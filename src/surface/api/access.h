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
#include "io/net/http_head.h"
#include "pipeline/request/principal.h"

namespace signalbox::api {

// What a route asks of whoever calls it. A route cannot be declared without one.
enum class Access : std::uint8_t {
  kOpen,  // anybody who gets past the guards
  kKey,   // the access key, where one is configured
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

  // Host and Origin, for every route.
  core::Status CheckGuards(const net::RequestHead& head) const;
  // The caller's credential against the route's rule.
  core::Result<request::Principal> Authenticate(const net::RequestHead& head, Access access) const;

 private:
  std::string key_digest_;  // SHA-256; empty: no key configured
};

}  // namespace signalbox::api
