// Everything that writes below a data directory's `ledger/`, put together: the lock, one journal
// per worker, the archive, the archiver.
//
// Owner:   app/; outlives the workers. Open before the workers run, let go after they ended.
// Threads: journal(i) as Journal says; the rest from the thread that opened it.
// Errors:  Open: the directory is in use, the disk is full, a file is not ours. A damaged file is
//          no error: what can be read is kept, the rest is logged with its size.
// Cancel:  the destructor drains everything into the archive.
#pragma once

#include <memory>
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
};

class Ledger {
 public:
  static core::Result<std::unique_ptr<Ledger>> Open(const std::string& data_directory,
                                                    LedgerOptions options);

  Journal& journal(std::uint32_t worker) { return *journals_[worker]; }
  Archiver& archiver() { return *archiver_; }
  // Of the fullest journal, 0 to 1. Any thread.
  double fill() const;

 private:
  explicit Ledger(DataLock lock) : lock_(std::move(lock)) {}
  core::Status OpenJournals(const std::string& directory, const LedgerOptions& options);
  core::Status OpenLeftOver(const std::string& path, const JournalOptions& options);

  DataLock lock_;
  std::uint32_t workers_ = 0;
  std::vector<std::unique_ptr<Journal>> journals_;  // the workers', then left over ones
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<Archiver> archiver_;
};

// Below the data directory.
std::string LedgerDirectory(const std::string& data_directory);
// Paths of all journals there.
std::vector<std::string> ListJournals(const std::string& ledger_directory);

}  // namespace signalbox::ledger
