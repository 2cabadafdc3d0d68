// The audit trail's first station: a local file to which every entry goes before what it tells of
// counts. From there it is shipped into the store.
//
// Owner:   app/, one per process that has the archive. Threads: Append and Ship any that may block;
//          they wait for each other's moments, never for the store.
// Errors:  Append: the disk's reason, and then the change that it was for must not be made: the
//          trail is never behind (it fails closed). A store that is away refuses nothing. Open: a
//          file that was changed is told with the entry that is wrong.
// Cancel:  a kill leaves every entry that Append returned for; one that was cut short is taken off.
//
// Entries that the store has not taken are held in memory as well; above 64 MiB of them Append
// refuses.
//
// `<ledger>/audit.log` begins with a head, up to which everything was shipped and taken off: the
// number and the hash that the trail in the store has to reach.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "base/core/error.h"
#include "io/store/sql.h"
#include "pipeline/ledger/audit_entry.h"
#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {

// The end of a chain.
struct AuditHead {
  std::uint64_t sequence = 0;  // 0: nothing yet
  Digest hash{};
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

class AuditLog {
 public:
  // Of the archive in `directory`, which has its id already.
  static core::Result<std::unique_ptr<AuditLog>> Open(const std::string& directory);

  // Returns the entry's number once it is on the disk.
  core::Result<std::uint64_t> Append(AuditEntry entry, core::WallTime now);

  // Moves what is new into audit_trail; returns how many.
  core::Result<std::uint64_t> Ship(store::Sql& sql);

  const std::string& replica() const { return replica_; }
  AuditHead head() const;       // of everything appended
  std::size_t waiting() const;  // entries that are to be shipped

 private:
  AuditLog(std::string path, std::string replica)
      : path_(std::move(path)), replica_(std::move(replica)) {}
  core::Status Load();
  core::Status Rewrite();
  core::Status AppendFrame(std::span<const std::byte> frame);

  const std::string path_;
  const std::string replica_;
  std::mutex shipping_;  // one Ship at a time
  mutable std::mutex mutex_;
  File file_;
  std::uint64_t end_ = 0;
  AuditHead head_;
  AuditHead shipped_;
  std::deque<AuditRow> waiting_;
};

}  // namespace signalbox::ledger
