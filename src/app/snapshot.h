// One configuration made ready for use by all workers: the providers that there are, the names that
// lead to their models, what models cost, who may come in, certificates.
//
// Owner:   shared by the program and its workers; the last to let go frees it.
// Threads: read only once made; Prepare is for the main thread, and blocks for files, for commands
//          that print secrets, and for local servers that are looked for.
// Errors:  all of them at once, where they were written.
// Cancel:  nothing to undo.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/discover.h"
#include "app/options.h"
#include "io/net/tls.h"
#include "pipeline/identity/logins.h"
#include "pipeline/request/target.h"
#include "surface/api/access.h"
#include "vendors/catalog/catalog.h"

namespace signalbox::app {

// Authorities that providers' certificates are checked against, from one file.
struct Authorities {
  config::FileStamp stamp;
  std::shared_ptr<const net::TlsContext> context;
};

struct Snapshot {
  Options options;
  // Of what decides on answers: the same as long as that part of the configuration is.
  std::uint64_t policy_epoch = 0;
  std::shared_ptr<const request::Targets> targets;
  std::shared_ptr<const catalog::Catalog> catalog;
  std::shared_ptr<const api::AccessRules> access;
  std::shared_ptr<const net::TlsContext> server_tls;               // null: plain
  std::map<std::string, Authorities> authorities;                  // by file; "": the system's
  std::vector<std::shared_ptr<const net::TlsContext>> client_tls;  // by provider; null: plain
  identity::IssuerTls issuer_tls;                                  // by issuer
  // For what requests name by URL; null: no provider takes nothing but the bytes of such things.
  std::shared_ptr<const net::TlsContext> media_tls;
};

// What was read, and what was made of it: null when anything is wrong.
struct Prepared {
  config::Loaded<Options> loaded;
  std::shared_ptr<const Snapshot> snapshot;
};

// What is the same as in `before` is shared with it.
Prepared Prepare(const config::Request& request, const DiscoverySettings& discovery,
                 const Snapshot* before = nullptr);

}  // namespace signalbox::app
