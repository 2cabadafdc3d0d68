#include "pipeline/ledger/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/telemetry/log.h"

namespace signalbox::ledger {
namespace {

using telemetry::Level;

std::string JournalPath(const std::string& directory, std::uint32_t worker) {
  return fmt::format("{}/worker-{}.ring", directory, worker);
}

}  // namespace

std::string LedgerDirectory(const std::string& data_directory) {
  return data_directory + "/ledger";
}

std::vector<std::string> ListJournals(const std::string& ledger_directory) {
  std::vector<std::string> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(ledger_directory, ignored)) {
    if (entry.path().extension() == ".ring") {
      paths.push_back(entry.path().string());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

core::Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& data_directory,
                                                   LedgerOptions options) {
  SB_TRY(DataLock lock, DataLock::Take(data_directory));
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(lock)));
  const std::string directory = LedgerDirectory(data_directory);
  SB_TRY(ledger->archive_, Archive::Open(directory, options.archive));
  SB_CHECK_OK(ledger->OpenJournals(directory, options));
  std::vector<Journal*> journals;
  for (const auto& journal : ledger->journals_) {
    journals.push_back(journal.get());
  }
  ledger->archiver_ = std::make_unique<Archiver>(*ledger->archive_, std::move(journals),
                                                 std::move(options.archiver));
  ledger->archiver_->Start();
  return ledger;
}

core::Status Ledger::OpenJournals(const std::string& directory, const LedgerOptions& options) {
  workers_ = options.workers;
  std::vector<std::string> ours;
  for (std::uint32_t worker = 0; worker < options.workers; ++worker) {
    ours.push_back(JournalPath(directory, worker));
    SB_TRY(auto journal, Journal::Open(ours.back(), options.journal));
    journals_.push_back(std::move(journal));
  }
  for (const std::string& path : ListJournals(directory)) {
    if (std::ranges::find(ours, path) == ours.end()) {
      SB_CHECK_OK(OpenLeftOver(path, options.journal));
    }
  }
  for (const auto& journal : journals_) {
    if (journal->damaged_bytes() != 0) {
      telemetry::Log(Level::kError, "a journal of the ledger is damaged; the rest of it is read",
                     {{"file", journal->path()}, {"damaged_bytes", journal->damaged_bytes()}});
    }
  }
  return {};
}

// The journal of a worker that this process does not have: emptied now, removed at a later start.
core::Status Ledger::OpenLeftOver(const std::string& path, const JournalOptions& options) {
  {
    SB_TRY(const File file, OpenFile(path, O_RDONLY));
    const auto contents = ReadRing(file.fd(), false);
    if (contents && contents->runs.empty() && contents->damaged_bytes == 0) {
      unlink(path.c_str());
      return {};
    }
  }
  SB_TRY(auto journal, Journal::Open(path, options));
  journals_.push_back(std::move(journal));
  return {};
}

double Ledger::fill() const {
  double most = 0;
  for (std::uint32_t worker = 0; worker < workers_; ++worker) {
    most = std::max(most, journals_[worker]->fill());
  }
  return most;
}

}  // namespace signalbox::ledger
