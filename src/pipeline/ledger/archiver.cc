#include "pipeline/ledger/archiver.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/telemetry/log.h"

namespace signalbox::ledger {
namespace {

using telemetry::Level;

// Moved from one journal before the others get their turn and everything is synced.
constexpr std::uint64_t kBytesPerTurn = 8ULL << 20U;

constexpr int kTurnsBetweenTrims = 5;

}  // namespace

Archiver::Archiver(Archive& archive, std::vector<Journal*> journals, ArchiverOptions options)
    : archive_(archive), journals_(std::move(journals)), options_(std::move(options)) {}

Archiver::~Archiver() {
  Stop();
}

void Archiver::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Archiver::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

bool Archiver::WaitRecovered(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, limit, [this] { return said_recovered_; });
}

// Returns true when it is time to stop.
bool Archiver::SleepFor(std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, interval, [this] { return stop_; });
}

void Archiver::Run() {
  int turns = 0;
  for (bool stopping = false;;) {
    const auto moved = TryTurn();
    Report(moved ? core::Status() : std::unexpected(moved.error()));
    if (moved && *moved >= kBytesPerTurn) {
      continue;  // there is more
    }
    if (stopping && (!moved || *moved == 0)) {
      return;
    }
    if (++turns % kTurnsBetweenTrims == 0) {
      for (Journal* journal : journals_) {
        journal->Trim();
      }
    }
    const auto interval = !moved       ? options_.retry_interval
                          : *moved > 0 ? options_.busy_interval
                                       : options_.idle_interval;
    stopping = stopping || SleepFor(interval);
  }
}

// Without memory nothing of the turn counts; it is made again later, as after a failed write.
core::Result<std::uint64_t> Archiver::TryTurn() {
  try {
    if (broken_off_) {
      static_cast<void>(archive_.TakeBack({}));
      broken_off_ = false;
    }
    return Turn();
  } catch (const std::bad_alloc&) {
    broken_off_ = true;
    return core::Fail(core::ErrorCode::kUnavailable, "out of memory");
  }
}

core::Result<std::uint64_t> Archiver::Turn() {
  if (!recovered_) {
    SB_CHECK_OK(Recover());
    recovered_ = true;
    {
      const std::lock_guard lock(mutex_);
      said_recovered_ = true;
    }
    wake_.notify_all();
  }
  return Move(false);
}

core::Status Archiver::Recover() {
  for (std::uint64_t moved = 1; moved != 0;) {
    SB_TRY(moved, Move(true));
  }
  return options_.others_live ? core::Status() : BookUncertain();
}

// Whether a journal of this process wrote it, and this process.
bool Archiver::IsOurs(const Origin& origin) const {
  return std::ranges::any_of(journals_, [&](const Journal* journal) {
    return journal->id() == origin.journal && journal->boot() == origin.boot;
  });
}

// Reads, writes, syncs, and only then frees: a record is always in the ring or on the disk.
core::Result<std::uint64_t> Archiver::Move(bool earlier_only) {
  std::vector<std::pair<Journal*, std::uint64_t>> read;
  std::uint64_t moved = 0;
  for (Journal* journal : journals_) {
    if (journal->empty() || (earlier_only && !journal->has_earlier_records())) {
      continue;
    }
    auto end = journal->Read(kBytesPerTurn, [&](std::span<const std::byte> records, std::uint64_t) {
      moved += records.size();
      return archive_.Append(records, journal->id());
    });
    if (!end) {
      return std::unexpected(std::move(end).error());
    }
    read.emplace_back(journal, *end);
  }
  SB_CHECK_OK(archive_.Commit());
  for (const auto& [journal, end] : read) {
    journal->Release(end);
  }
  archived_bytes_.fetch_add(moved, std::memory_order_relaxed);
  return moved;
}

core::Status Archiver::BookUncertain() {
  std::uint64_t booked = 0;
  const core::WallTime now = core::WallNow();
  SB_CHECK_OK(archive_.VisitOpenIntents([&](const Record& intent, const Origin& origin) {
    if (IsOurs(origin)) {
      return core::Status();
    }
    Record settlement = intent;
    settlement.type = RecordType::kSettlement;
    settlement.time = now;
    settlement.outcome = Outcome::kUncertain;
    ++booked;
    return archive_.AppendOwn(settlement);
  }));
  SB_CHECK_OK(archive_.Commit());
  booked_.fetch_add(booked, std::memory_order_relaxed);
  if (booked != 0) {
    telemetry::Log(Level::kWarn, "calls that an earlier process left open are booked as uncertain",
                   {{"calls", booked}});
  }
  return {};
}

void Archiver::Report(const core::Status& status) {
  const bool failing = !status.has_value();
  if (failing) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    for (Journal* journal : journals_) {
      static_cast<void>(journal->Sync());  // the ring is all there is now
    }
  }
  if (failing == failing_.exchange(failing, std::memory_order_relaxed)) {
    return;
  }
  if (failing) {
    telemetry::Log(Level::kError,
                   "the ledger cannot be written; records wait in the journal, and when it is "
                   "full new requests are refused",
                   {{"reason", status.error().message}});
  } else {
    telemetry::Log(Level::kInfo, "the ledger can be written again");
  }
  if (options_.on_alarm) {
    options_.on_alarm(failing ? &status.error() : nullptr);
  }
}

}  // namespace signalbox::ledger
