// What the management API works on. app/ fills in what there is; a route whose service is not there
// answers that it is not running.
//
// Owner:   app/; everything outlives the pool that handlers run on.
// Threads: the services' own rules; handlers call them from the pool.
// Errors:  none of its own. Cancel: nothing to undo.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/core/error.h"
#include "pipeline/ledger/periods.h"
#include "surface/api/deed.h"

namespace signalbox::cache {
class ExactCache;
}
namespace signalbox::identity {
class Identity;
}
namespace signalbox::ledger {
class AuditLog;
struct Record;
}  // namespace signalbox::ledger
namespace signalbox::quota {
class Settings;
}
namespace signalbox::store {
class Sql;
}

namespace signalbox::api {

struct Services {
  std::string data = {};  // directory of the journal and its archive
  identity::Identity* identity = nullptr;
  store::Sql* records = nullptr;            // where the ledger is shipped to
  std::function<ledger::Kept()> kept = {};  // as retention leaves the rollups
  cache::ExactCache* cache = nullptr;
  quota::Settings* settings = nullptr;  // limits and budgets
  // An attempt whose end nobody knew, as it is known now.
  std::function<void(const ledger::Record&)> corrected = {};
  // The trail's first station; null while another process has it.
  std::function<std::shared_ptr<ledger::AuditLog>()> audit = {};
  // Puts a change that is about to be made into the audit trail, or that it failed.
  std::function<core::Status(const Deed&)> note = {};
};

}  // namespace signalbox::api
