#include "pipeline/ledger/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "pipeline/ledger/codec.h"

namespace signalbox::ledger {
namespace {

// What of a chunk can be counted on: a record that does not fit any more goes to the next chunk.
constexpr std::uint64_t kUsableBytes = kChunkBytes - kMaxRecordBytes;

std::uint64_t FirstSequence(const RingContents& found) {
  return std::max(found.last_sequence, found.archived / kChunkBytes) + 1;
}

}  // namespace

core::Result<std::unique_ptr<Journal>> Journal::Open(const std::string& path,
                                                     const JournalOptions& options) {
  SB_TRY(auto file, RingFile::Open(path, options.ring_bytes));
  return std::unique_ptr<Journal>(new Journal(std::move(file), options));
}

Journal::Journal(std::unique_ptr<RingFile> file, const JournalOptions& options)
    : file_(std::move(file)),
      high_water_bytes_(static_cast<std::uint64_t>(std::clamp(options.high_water, 0.0, 1.0) *
                                                   static_cast<double>(file_->ring_bytes()))),
      first_sequence_(FirstSequence(file_->found())),
      id_(file_->found().journal),
      boot_(file_->found().boot),
      sequence_(first_sequence_ - 1),
      order_(file_->chunks()),
      ends_(file_->chunks()),
      head_(first_sequence_ * kChunkBytes),
      archived_(head_.load()),
      free_chunks_(file_->chunks()),
      used_(file_->chunks()),
      freed_(first_sequence_) {
  for (const Run& run : file_->found().runs) {
    if (!used_[run.chunk].exchange(true)) {
      --free_chunks_;
    }
  }
  if (has_earlier_records()) {
    archived_ = file_->found().runs.front().position;
  }
}

core::Status Journal::AppendIntent(const Record& record) {
  const std::size_t size = EncodedSize(record);
  SB_CHECK_OK(CheckRoomFor(size));
  ++open_intents_;
  Append(record, size);
  return {};
}

void Journal::AppendSettlement(const Record& record) {
  Append(record, EncodedSize(record));
  open_intents_ -= open_intents_ != 0 ? 1 : 0;
}

core::Status Journal::AppendAlone(const Record& settlement) {
  const std::size_t size = EncodedSize(settlement);
  SB_CHECK_OK(CheckRoomFor(size));
  Append(settlement, size);
  return {};
}

// Below the high-water mark, and with room for this intent and for a settlement of the largest size
// for it and for each one that is still open.
core::Status Journal::CheckRoomFor(std::size_t size) const {
  const std::uint64_t used =
      head_.load(std::memory_order_relaxed) - archived_.load(std::memory_order_relaxed);
  const std::uint64_t room = free_chunks_.load(std::memory_order_acquire) * kUsableBytes +
                             std::max(kUsableBytes, offset_) - offset_;
  if (used + size > high_water_bytes_ || size + (open_intents_ + 1) * kMaxRecordBytes > room)
      [[unlikely]] {
    return std::unexpected(core::Error{
        core::ErrorCode::kUnavailable, "the journal is full", {}, std::chrono::seconds(1)});
  }
  return {};
}

bool Journal::full() const {
  return !CheckRoomFor(kMaxRecordBytes);
}

void Journal::Append(const Record& record, std::size_t size) {
  std::byte* room = Room(size);
  EncodeRecord(record, {id_, boot_, sequence_ * kChunkBytes + offset_}, room);
  Commit(size);
}

std::byte* Journal::Room(std::size_t size) {
  if (offset_ + size > kChunkBytes && !NextChunk()) [[unlikely]] {
    fmt::print(stderr, "{}: a settlement without an intent found no room\n", path());
    std::abort();
  }
  return chunk_ + offset_;
}

void Journal::Commit(std::size_t size) {
  offset_ += size;
  head_.store(sequence_ * kChunkBytes + offset_, std::memory_order_release);
}

// The lowest free chunk, so that a drained journal stays in its first few.
bool Journal::NextChunk() {
  for (std::uint32_t i = 0; i < used_.size(); ++i) {
    if (used_[i].load(std::memory_order_acquire)) {
      continue;
    }
    used_[i].store(true, std::memory_order_relaxed);
    free_chunks_.fetch_sub(1, std::memory_order_relaxed);
    const std::uint64_t end = chunk_ != nullptr ? offset_ : kNoPrevious;
    ends_[sequence_ % ends_.size()] = static_cast<std::uint32_t>(offset_);
    ++sequence_;
    order_[sequence_ % order_.size()] = i;
    chunk_ = file_->chunk(i);
    offset_ = 0;
    file_->EnterChunk(i, sequence_, end);
    return true;
  }
  return false;
}

core::Result<std::uint64_t> Journal::Read(std::uint64_t max_bytes, const Take& take) {
  core::Status status;
  const std::uint64_t end = has_earlier_records() ? ReadRecovered(max_bytes, take, status)
                                                  : ReadLive(max_bytes, take, status);
  if (!status) {
    return std::unexpected(std::move(status).error());
  }
  return end;
}

std::uint64_t Journal::ReadRecovered(std::uint64_t max_bytes, const Take& take,
                                     core::Status& status) {
  const auto& runs = file_->found().runs;
  std::uint64_t handed = 0;
  std::size_t next = next_recovered_;
  for (; status && next < runs.size() && handed < max_bytes; ++next) {
    const Run& run = runs[next];
    const std::uint64_t done = std::max(run.position, archived_.load()) - run.position;
    highest_ = std::max(highest_, run.chunk);
    status =
        take({file_->chunk(run.chunk) + run.offset + done, run.size - done}, run.position + done);
    handed += run.size;
  }
  return next == runs.size() ? first_sequence_ * kChunkBytes : runs[next].position;
}

std::uint64_t Journal::ReadLive(std::uint64_t max_bytes, const Take& take, core::Status& status) {
  const std::uint64_t head = head_.load(std::memory_order_acquire);
  std::uint64_t at = archived_.load(std::memory_order_relaxed);
  std::uint64_t handed = 0;
  while (status && at < head && handed < max_bytes) {
    const std::uint64_t sequence = at / kChunkBytes;
    const std::uint64_t offset = at % kChunkBytes;
    // A full last chunk: its end is the start of the next sequence number.
    const bool last = (head - 1) / kChunkBytes == sequence;
    const std::uint64_t end = last ? head - sequence * kChunkBytes : ends_[sequence % ends_.size()];
    const std::uint32_t chunk = order_[sequence % order_.size()];
    highest_ = std::max(highest_, chunk);
    if (end > offset) {
      status = take({file_->chunk(chunk) + offset, end - offset}, at);
      handed += end - offset;
    }
    at = last ? head : (sequence + 1) * kChunkBytes;
  }
  return at;
}

void Journal::Release(std::uint64_t position) {
  ReleaseRecovered(position);
  const std::uint64_t before = archived_.load(std::memory_order_relaxed);
  if (position <= before) {
    return;
  }
  file_->StoreArchived(position);
  const std::uint64_t head = head_.load(std::memory_order_acquire);
  // A chunk that has been filled to its last byte is still the writer's until it takes another.
  const std::uint64_t last = std::min(position / kChunkBytes, (head - 1) / kChunkBytes);
  std::uint32_t freed = 0;
  for (; freed_ < last; ++freed_) {
    used_[order_[freed_ % order_.size()]].store(false, std::memory_order_release);
    ++freed;
  }
  free_chunks_.fetch_add(freed, std::memory_order_release);
  archived_.store(position, std::memory_order_release);
}

void Journal::ReleaseRecovered(std::uint64_t position) {
  const auto& runs = file_->found().runs;
  while (next_recovered_ < runs.size() && runs[next_recovered_].end_position() <= position) {
    const std::uint32_t chunk = runs[next_recovered_].chunk;
    ++next_recovered_;
    if (next_recovered_ == runs.size() || runs[next_recovered_].chunk != chunk) {
      used_[chunk].store(false, std::memory_order_release);
      free_chunks_.fetch_add(1, std::memory_order_release);
    }
  }
}

std::size_t Journal::Drain(const std::function<core::Status(std::span<const std::byte>)>& take) {
  std::size_t count = 0;
  bool refused = false;
  while (!refused && !empty()) {
    std::uint64_t accepted = 0;
    const auto end = Read(
        kChunkBytes, [&](std::span<const std::byte> run, std::uint64_t position) -> core::Status {
          Frame frame;
          for (std::size_t size = 0; (size = PeekFrame(run, frame)) != 0; run = run.subspan(size)) {
            SB_CHECK_OK(take(frame.bytes));
            ++count;
            position += size;
            accepted = position;
          }
          return {};
        });
    refused = !end;
    Release(end ? *end : accepted);
  }
  return count;
}

core::Status Journal::Sync() {
  return file_->Sync();
}

void Journal::Trim() {
  mapped_ = std::max(mapped_, highest_ + 1);
  file_->Unmap(highest_ + 1, mapped_);
  mapped_ = highest_ + 1;
  highest_ = 0;
}

bool Journal::empty() const {
  return !has_earlier_records() &&
         head_.load(std::memory_order_acquire) == archived_.load(std::memory_order_relaxed);
}

double Journal::fill() const {
  // The archived position first: it never passes a head that was read later.
  const auto archived = archived_.load(std::memory_order_acquire);
  const auto head = head_.load(std::memory_order_acquire);
  return std::min(1.0,
                  static_cast<double>(head - archived) / static_cast<double>(file_->ring_bytes()));
}

}  // namespace signalbox::ledger
