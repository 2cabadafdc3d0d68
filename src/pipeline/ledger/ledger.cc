#include "pipeline/ledger/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <span>
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

Ledger::Ledger(std::string data_directory, LedgerOptions options)
    : data_directory_(std::move(data_directory)),
      directory_(LedgerDirectory(data_directory_)),
      options_(std::move(options)) {
  options_.archive.progress = &progress_;
  if (options_.shipped) {
    progress_.AwaitShipping();
  }
  options_.archiver.on_alarm =
      [this, told = std::move(options_.archiver.on_alarm)](const core::Error* error) {
        failing_.store(error != nullptr, std::memory_order_relaxed);
        if (told) {
          told(error);
        }
      };
}

core::Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& data_directory,
                                                   LedgerOptions options) {
  std::unique_ptr<Ledger> ledger(new Ledger(data_directory, std::move(options)));
  SB_TRY(ledger->lock_, DataLock::Take(data_directory));
  SB_TRY(ledger->archive_, Archive::Open(ledger->directory_, ledger->options_.archive));
  SB_CHECK_OK(ledger->OpenOwn());
  SB_CHECK_OK(ledger->OpenLeftOver());
  ledger->StartArchiver();
  return ledger;
}

core::Result<std::unique_ptr<Ledger>> Ledger::OpenBeside(const std::string& data_directory,
                                                         LedgerOptions options) {
  std::unique_ptr<Ledger> ledger(new Ledger(data_directory, std::move(options)));
  SB_CHECK_OK(ledger->OpenOwn());
  ledger->others_live_ = true;
  return ledger;
}

// The first journals that no other process has.
core::Status Ledger::OpenOwn() {
  for (std::uint32_t number = 0; journals_.size() < options_.workers; ++number) {
    auto journal = Journal::Open(JournalPath(directory_, number), options_.journal);
    if (journal) {
      journals_.push_back(*std::move(journal));
    } else if (journal.error().code != core::ErrorCode::kConflict) {
      return std::unexpected(std::move(journal).error());
    }
  }
  return {};
}

// The other ones, and whether some process still has one of them.
core::Status Ledger::OpenLeftOver() {
  others_live_ = false;
  for (const std::string& path : ListJournals(directory_)) {
    const bool open = std::ranges::any_of(
        journals_, [&](const auto& journal) { return journal->path() == path; });
    if (open) {
      continue;
    }
    if (auto opened = OpenLeftOver(path); !opened) {
      if (opened.error().code != core::ErrorCode::kConflict) {
        return opened;
      }
      others_live_ = true;
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

// A journal that no worker of this process has: emptied now, removed by Tend.
core::Status Ledger::OpenLeftOver(const std::string& path) {
  SB_TRY(auto journal, Journal::Open(path, options_.journal));
  if (journal->empty() && journal->damaged_bytes() == 0) {
    unlink(path.c_str());
    return {};
  }
  journals_.push_back(std::move(journal));
  return {};
}

void Ledger::StartArchiver() {
  std::vector<Journal*> journals;
  for (const auto& journal : journals_) {
    journals.push_back(journal.get());
  }
  options_.archiver.others_live = others_live_;
  archiver_ = std::make_unique<Archiver>(*archive_, std::move(journals), options_.archiver);
  archiver_->Start();
}

void Ledger::HandOver() {
  archiver_.reset();
  archive_.reset();
  lock_.reset();
  handed_over_ = true;
}

core::Status Ledger::TakeArchive() {
  if (!lock_) {  // it is ours already when what follows has failed before
    auto lock = DataLock::Take(data_directory_);
    if (!lock) {
      return lock.error().code == core::ErrorCode::kConflict ? core::Status()
                                                             : std::unexpected(lock.error());
    }
    lock_.emplace(*std::move(lock));
  }
  SB_TRY(archive_, Archive::Open(directory_, options_.archive));
  SB_CHECK_OK(OpenLeftOver());
  StartArchiver();
  return {};
}

core::Status Ledger::Tend() {
  if (handed_over_) {
    return {};
  }
  if (archiver_ == nullptr) {
    return TakeArchive();
  }
  if (!others_live_) {
    DropLeftOver();
    return {};
  }
  const std::size_t before = journals_.size();
  SB_CHECK_OK(OpenLeftOver());
  if (journals_.size() != before || !others_live_) {
    archiver_.reset();
    StartArchiver();
  }
  return {};
}

// Once the archive has all that was in them.
void Ledger::DropLeftOver() {
  const std::span left = std::span(journals_).subspan(options_.workers);
  if (left.empty() || !archiver_->WaitRecovered(std::chrono::milliseconds(0)) ||
      !std::ranges::all_of(left, [](const auto& journal) { return journal->empty(); })) {
    return;
  }
  archiver_.reset();
  for (const auto& journal : left) {
    unlink(journal->path().c_str());
  }
  journals_.resize(options_.workers);
  StartArchiver();
}

double Ledger::fill() const {
  double most = 0;
  for (std::uint32_t worker = 0; worker < options_.workers; ++worker) {
    most = std::max(most, journals_[worker]->fill());
  }
  return most;
}

}  // namespace signalbox::ledger
