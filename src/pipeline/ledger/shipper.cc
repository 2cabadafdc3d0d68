#include "pipeline/ledger/shipper.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <utility>

#include "base/telemetry/log.h"
#include "pipeline/ledger/partitions.h"
#include "pipeline/ledger/shipment.h"

namespace signalbox::ledger {
namespace {

using telemetry::Level;

// A stretch without settlements moves the cursor when it is as long as this.
constexpr std::uint64_t kEmptyStretchBytes = 1ULL << 20U;

// Days that PostgreSQL's parts are made for: as old as a backlog may be, and ahead.
constexpr std::int64_t kDaysBack = 100;
constexpr std::int64_t kDaysAhead = 3;

}  // namespace

Shipper::Shipper(store::Sql& sql, std::string directory, ArchiveProgress& progress,
                 ShipperOptions options)
    : sql_(sql),
      directory_(std::move(directory)),
      progress_(progress),
      options_(std::move(options)),
      batch_(options_.batch) {}

Shipper::~Shipper() {
  Stop();
}

void Shipper::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Shipper::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

// Returns true when it is time to stop.
bool Shipper::SleepFor(std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, interval, [this] { return stop_; });
}

void Shipper::Run() {
  pthread_setname_np(pthread_self(), "shipper");
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), options_.niceness));
  for (;;) {
    const auto more = TryTurn();
    Report(more ? core::Status() : std::unexpected(more.error()));
    auto pause = options_.interval;
    if (more) {
      pause = *more ? std::chrono::milliseconds(0) : pause;
    } else {
      pause = std::min(options_.retry_last,
                       options_.retry_first * (1U << std::min(failed_in_a_row_ - 1, 10U)));
    }
    if (SleepFor(pause)) {
      return;
    }
  }
}

core::Result<bool> Shipper::TryTurn() {
  try {
    return Turn();
  } catch (const std::bad_alloc&) {
    follower_.reset();
    return core::Fail(core::ErrorCode::kUnavailable, "out of memory");
  }
}

// Ships one batch; true when there is more at once.
core::Result<bool> Shipper::Turn() {
  const Position until = progress_.committed();
  if (until.segment == 0) {
    return false;  // the archive is not open yet
  }
  if (!follower_) {
    SB_CHECK_OK(Begin());
  }
  if (!batch_filled_) {
    SB_CHECK_OK(Fill(until));
  }
  Measure(until);
  const bool worth_it = !batch_.records().empty() || batch_.end.segment != batch_.begin.segment ||
                        batch_.end.offset - batch_.begin.offset > kEmptyStretchBytes;
  if (!worth_it) {
    return false;
  }
  batch_filled_ = true;
  const bool full = batch_.full();
  SB_CHECK_OK(ShipBatch());
  Measure(until);
  return full;
}

// From where the store has it. A cursor that the archive has not reached belongs to an archive that
// was put back from a copy: its last segments are shipped again, and what is there already stays.
// Later it only says that a successor ships.
core::Status Shipper::Begin() {
  SB_TRY(archive_, ReadArchiveId(directory_));
  SB_TRY(Position cursor, ReadCursor(sql_, archive_));
  batch_.Clear();
  batch_filled_ = false;
  batch_.begin = batch_.end = cursor;
  const Position committed = progress_.committed();
  if (!std::exchange(begun_, true) && cursor > committed) {
    cursor = {cursor.segment > committed.segment ? 0 : cursor.segment, 0};
    telemetry::Log(Level::kWarn,
                   "the store has more of the ledger than the archive: shipping it again",
                   {{"directory", directory_}, {"from_segment", cursor.segment}});
  }
  progress_.SetShipped(cursor);
  follower_.emplace(directory_, cursor);
  return {};
}

core::Status Shipper::Fill(Position until) {
  Frame frame;
  while (!batch_.full()) {
    SB_TRY(const bool found, follower_->Next(until, frame));
    if (!found) {
      break;
    }
    read_bytes_ += frame.bytes.size();
    read_records_ += frame.type == FrameType::kSettlement ? 1 : 0;
    batch_.Take(frame);
  }
  batch_.end = follower_->position();
  return {};
}

// The parts for the days of a batch are there; for days that are far off the rest will do.
core::Status Shipper::MakePartsOf(std::span<const Record> records) {
  const std::int64_t today = DayOf(core::WallNow());
  std::int64_t first = today;
  std::int64_t last = today;
  for (const Record& record : records) {
    const std::int64_t day = DayOf(record.request.uuid.Time());
    if (day > today - kDaysBack && day <= today) {
      first = std::min(first, day);
    }
  }
  last += kDaysAhead;
  if (first >= parts_from_ && last <= parts_to_) {
    return {};
  }
  SB_CHECK_OK(MakePartitions(sql_, first, last));
  parts_from_ = std::min(first, parts_from_);
  parts_to_ = last;
  return {};
}

core::Status Shipper::ShipBatch() {
  const auto records = batch_.records();
  if (!records.empty()) {
    SB_CHECK_OK(MakePartsOf(records));
  }
  SB_TRY(const Shipped shipped, Ship(sql_, archive_, batch_, core::WallNow()));
  if (shipped == Shipped::kMoved) {
    telemetry::Log(Level::kWarn, "another process ships this ledger, too; going on where it is",
                   {{"directory", directory_}});
    follower_.reset();
    return {};
  }
  shipped_.fetch_add(records.size(), std::memory_order_relaxed);
  progress_.SetShipped(batch_.end);
  batch_.Clear();
  batch_.begin = batch_.end;
  batch_filled_ = false;
  return {};
}

core::Result<std::uint64_t> Shipper::ShipAll() {
  const std::uint64_t before = shipped();
  for (bool more = true; more;) {
    SB_TRY(more, Turn());
  }
  return shipped() - before;
}

// What the archive holds behind the shipped position.
std::uint64_t Shipper::BytesBehind(Position until) const {
  const Position from = batch_.begin;
  if (from.segment == until.segment) {
    return until.offset - std::min(from.offset, until.offset);
  }
  std::uint64_t bytes = until.offset;
  std::error_code ignored;
  for (const SegmentName& segment : ListSegments(directory_)) {
    if (segment.number >= from.segment && segment.number < until.segment) {
      const auto size = std::filesystem::file_size(segment.path, ignored);
      bytes += ignored ? 0 : size;
    }
  }
  return bytes - std::min(bytes, from.offset);
}

void Shipper::Measure(Position until) {
  const std::uint64_t bytes = BytesBehind(until);
  const bool waits = !batch_.records().empty();
  const std::uint64_t mean =
      read_records_ == 0 ? 1 : std::max<std::uint64_t>(1, read_bytes_ / read_records_);
  backlog_bytes_.store(bytes, std::memory_order_relaxed);
  backlog_records_.store(
      read_records_ == 0 ? 0 : std::max<std::uint64_t>(batch_.records().size(), bytes / mean),
      std::memory_order_relaxed);
  oldest_ns_.store(waits ? batch_.records().front().time.time_since_epoch().count() : 0,
                   std::memory_order_relaxed);
}

Backlog Shipper::backlog() const {
  return {.bytes = backlog_bytes_.load(std::memory_order_relaxed),
          .records = backlog_records_.load(std::memory_order_relaxed),
          .oldest =
              core::WallTime(std::chrono::nanoseconds(oldest_ns_.load(std::memory_order_relaxed)))};
}

void Shipper::Report(const core::Status& status) {
  const bool failing = !status.has_value();
  failed_in_a_row_ = failing ? failed_in_a_row_ + 1 : 0;
  if (failing) {
    failures_.fetch_add(1, std::memory_order_relaxed);
  }
  if (failing == failing_.exchange(failing, std::memory_order_relaxed)) {
    return;
  }
  if (failing) {
    telemetry::Log(Level::kError,
                   "the ledger cannot be shipped into the store; it waits in the archive, and when "
                   "that holds as much as is kept, new requests are refused",
                   {{"store", sql_.Name()}, {"reason", status.error().message}});
  } else {
    telemetry::Log(Level::kInfo, "the ledger is shipped into the store again",
                   {{"store", sql_.Name()}});
  }
}

}  // namespace signalbox::ledger
