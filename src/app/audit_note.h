// A change through the API as an entry of the audit trail; one that was not made after all says so
// in `outcome`.
//
// Pure. Owner: nobody. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <functional>

#include "pipeline/identity/actor.h"
#include "pipeline/ledger/audit_entry.h"
#include "surface/api/deed.h"

namespace signalbox::app {

ledger::AuditEntry EntryOf(const api::Deed& deed);

// Tells the trail of users whom Signalbox makes by itself, when their first token comes.
class FirstSight final : public identity::Witness {
 public:
  using NoteDeed = std::function<core::Status(const api::Deed&)>;

  FirstSight(NoteDeed note, core::WallTime now) : note_(std::move(note)) { deed_.at = now; }

  core::Status Before(Told told) override;
  void Failed(const core::Error& why) override;

 private:
  NoteDeed note_;
  api::Deed deed_;
};

}  // namespace signalbox::app
