// Everything that writes below a data directory's `ledger/`, put together: the lock, one journal
// per worker, the archive, the archiver.
//
// Owner:   app/; outlives the workers. Open before the workers run, let go after they ended.
// Threads: journal(i) as Journal says; fill and failing any; the rest from the thread that opened
//          it.
// Errors:  Open: the directory is in use, the disk is full, a file is not ours. A damaged file is
//          no error: what can be read is kept, the rest is logged with its size.
// Cancel:  the destructor drains everything into the archive.
//
// One process archives, the one that has the lock. When another takes over, both have journals for
// a while: the old one settles its last requests in its own and hands the archive over at once; the
// new one, opened beside it, takes the archive when it can (Tend), and what is left in the old
// one's journals when that has ended. Those are removed as soon as all of them is archived.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/ledger/archive.h"
#include "pipeline/ledger/archiver.h"
#include "pipeline/ledger/data_lock.h"
#include "pipeline/ledger/journal.h"

namespace signalbox::ledger {

struct LedgerOptions {
  std::uint32_t workers = 1;
  JournalOptions journal;
  ArchiveOptions archive;
  ArchiverOptions archiver;
  bool shipped = false;  // a store takes the records over: segments wait for it
};

class Ledger {
 public:
  static core::Result<std::unique_ptr<Ledger>> Open(const std::string& data_directory,
                                                    LedgerOptions options);
  // Beside the process that still has the directory.
  static core::Result<std::unique_ptr<Ledger>> OpenBeside(const std::string& data_directory,
                                                          LedgerOptions options);

  // Gives the archive up, for whoever waits for it; the journals stay, unread.
  void HandOver();
  // Something is left to be taken over: call Tend now and then.
  bool unfinished() const {
    return archiver_ == nullptr || others_live_ || journals_.size() > options_.workers;
  }
  bool has_archive() const { return archiver_ != nullptr; }
  // Takes over what has become free meanwhile. Fails for reasons other than that nothing has.
  core::Status Tend();

  Journal& journal(std::uint32_t worker) { return *journals_[worker]; }
  Archiver& archiver() { return *archiver_; }  // not before the archive is ours
  // Whether records cannot be written to the archive.
  bool failing() const { return failing_.load(std::memory_order_relaxed); }
  // What the archive and whoever ships it into a store tell each other. Any thread.
  ArchiveProgress& progress() { return progress_; }
  // Of the fullest journal, 0 to 1. Any thread.
  double fill() const;

 private:
  Ledger(std::string data_directory, LedgerOptions options);
  core::Status OpenOwn();
  core::Status OpenLeftOver();
  core::Status OpenLeftOver(const std::string& path);
  core::Status TakeArchive();
  void DropLeftOver();
  void StartArchiver();

  const std::string data_directory_;
  const std::string directory_;  // of the ledger, below it
  LedgerOptions options_;
  ArchiveProgress progress_;
  std::atomic<bool> failing_{false};
  bool handed_over_ = false;
  bool others_live_ = false;  // somebody else has journals here
  std::optional<DataLock> lock_;
  std::vector<std::unique_ptr<Journal>> journals_;  // the workers', then left over ones
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<Archiver> archiver_;
};

// Below the data directory.
std::string LedgerDirectory(const std::string& data_directory);
// Paths of all journals there.
std::vector<std::string> ListJournals(const std::string& ledger_directory);

}  // namespace signalbox::ledger
