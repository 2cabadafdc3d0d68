#include "pipeline/ledger/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/telemetry/log.h"
#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/chain.h"
#include "pipeline/ledger/journal.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;
using telemetry::Level;

constexpr std::chrono::minutes kLookEach{1};
constexpr int kPartsOfTime = 4;  // segments that the time of keeping is cut into, at least

core::WallTime WrittenLast(const std::string& path) {
  struct stat info{};
  return stat(path.c_str(), &info) == 0 ? core::WallTime(std::chrono::seconds(info.st_mtim.tv_sec))
                                        : core::WallTime::max();
}

}  // namespace

core::Result<std::unique_ptr<Archive>> Archive::Open(const std::string& directory,
                                                     const ArchiveOptions& options) {
  std::unique_ptr<Archive> archive(new Archive(directory, options));
  if (auto loaded = archive->Load(); !loaded) {
    return std::unexpected(std::move(loaded).error().At(directory));
  }
  archive->TellCommitted();
  return archive;
}

core::Status Archive::Load() {
  std::error_code failed;
  std::filesystem::create_directories(directory_, failed);
  if (failed) {
    return core::Fail(ErrorCode::kInternal, failed.message());
  }
  SB_TRY([[maybe_unused]] const ArchiveId id, TakeArchiveId(directory_));
  const auto segments = ListSegments(directory_);
  if (segments.empty()) {
    return StartSegment();
  }
  number_ = segments.back().number;
  return LoadSegment();
}

// What follows the last whole record is a write that a kill or a power loss cut short.
core::Status Archive::LoadSegment() {
  const std::string path = SegmentPath(directory_, number_);
  SB_TRY(file_, OpenFile(path, O_RDWR));
  SB_TRY(const auto scan,
         ScanSegment(file_.fd(), 0,
                     [this](const Frame& frame, std::uint64_t offset) { Note(frame, offset); }));
  const auto size = static_cast<std::uint64_t>(lseek(file_.fd(), 0, SEEK_END));
  damaged_bytes_ = scan.damaged_bytes;
  if (scan.damaged_bytes != 0) {
    telemetry::Log(Level::kError, "the ledger's archive is damaged; the rest of it is read",
                   {{"file", path}, {"damaged_bytes", scan.damaged_bytes}});
  }
  if (size != scan.end) {
    telemetry::Log(Level::kWarn, "the ledger's archive ended inside a record; cut back",
                   {{"file", path}, {"bytes", size - scan.end}});
    if (ftruncate(file_.fd(), static_cast<off_t>(scan.end)) != 0) {
      return core::Fail(ErrorCode::kInternal, core::ErrnoMessage(errno));
    }
  }
  end_ = committed_end_ = scan.end;
  committed_marks_ = marks_;
  return end_ == 0 ? StartSegment() : core::Status();
}

std::uint64_t& Archive::Mark(std::uint32_t journal) {
  const auto mark = std::ranges::find(marks_, journal, &JournalMark::journal);
  return mark != marks_.end() ? mark->position : marks_.emplace_back(journal, 0U).position;
}

void Archive::Note(const Frame& frame, std::uint64_t offset) {
  if (frame.type == FrameType::kCheckpoint) {
    for (const JournalMark& mark : DecodeCheckpoint(frame.bytes.subspan(kFrameHeaderBytes))) {
      Mark(mark.journal) = std::max(Mark(mark.journal), mark.position);
    }
    return;
  }
  if (!first_time_) {
    Record record;
    first_time_ = DecodeBody(frame, record) ? record.time : core::WallNow();
  }
  std::uint64_t& mark = Mark(frame.origin.journal);
  mark = std::max(mark, frame.origin.position + frame.bytes.size());
  if (frame.type == FrameType::kIntent) {
    open_.Add(KeyOf(frame), offset);
  } else {
    open_.Remove(KeyOf(frame));
  }
}

core::Status Archive::Append(std::span<const std::byte> records, std::uint32_t journal) {
  const std::uint64_t mark = Mark(journal);
  Frame frame;
  while (PeekFrame(records, frame) != 0 && frame.origin.position < mark) {
    records = records.subspan(frame.bytes.size());
  }
  return records.empty() ? core::Status() : Write(records);
}

core::Status Archive::AppendOwn(const Record& record) {
  std::byte bytes[kMaxRecordBytes];
  const std::size_t size = EncodeRecord(record, {0, 0, Mark(0)}, bytes);
  return Write(std::span(bytes).first(size));
}

core::Status Archive::Write(std::span<const std::byte> records) {
  SB_CHECK_OK(CheckRoom());
  if (auto written = WriteAt(file_.fd(), end_, records); !written) {
    return TakeBack(std::move(written));
  }
  Frame frame;
  for (std::size_t size = 0; (size = PeekFrame(records, frame)) != 0;) {
    Note(frame, end_);
    end_ += size;
    records = records.subspan(size);
  }
  return {};
}

core::Status Archive::Commit() {
  if (end_ != committed_end_) {
    if (auto synced = SyncFile(file_.fd()); !synced) {
      return TakeBack(std::move(synced));
    }
    committed_end_ = end_;
    committed_marks_ = marks_;
    TellCommitted();
  }
  if (options_.keep_time.count() != 0 && core::MonoNow() >= look_) {
    look_ = core::MonoNow() + kLookEach;
    SeeToAges();
  }
  if (end_ < options_.segment_bytes) {
    return {};
  }
  full_ = !RemoveOldSegments();
  return full_ ? core::Status() : NextSegment();
}

// What the segment begins with is old enough: the next one, so that it can go when it is too old.
void Archive::SeeToAges() {
  if (first_time_ && core::WallNow() - *first_time_ > options_.keep_time / kPartsOfTime) {
    static_cast<void>(NextSegment());  // says itself what is wrong
  } else {
    RemoveOldSegments();
  }
}

core::Status Archive::NextSegment() {
  if (auto started = StartSegment(); !started) {
    // Not urgent: the full segment takes more until the next try.
    telemetry::Log(Level::kError, "cannot start the ledger's next segment",
                   {{"directory", directory_}, {"reason", started.error().message}});
    return {};
  }
  TellCommitted();
  RemoveOldSegments();
  return {};
}

core::Status Archive::CheckRoom() {
  if (!full_) {
    return {};
  }
  if (!RemoveOldSegments()) {
    return core::Fail(
        ErrorCode::kUnavailable,
        fmt::format("{}: {} bytes of records wait for the store, which is all that is kept for it; "
                    "see to the store, or raise ledger.keep",
                    directory_, options_.keep_bytes));
  }
  full_ = false;
  return NextSegment();
}

void Archive::TellCommitted() {
  if (options_.progress != nullptr) {
    options_.progress->SetCommitted({number_, committed_end_});
  }
}

// After a failed write or sync the kernel may have dropped pages: nothing since the last Commit
// counts, and the table of open calls is read anew from what does.
core::Status Archive::TakeBack(core::Status why) {
  if (end_ != committed_end_) {
    open_.Clear();
    marks_.clear();
    static_cast<void>(ftruncate(file_.fd(), static_cast<off_t>(committed_end_)));
    auto scan = ScanSegment(file_.fd(), 0, [this](const Frame& frame, std::uint64_t offset) {
      if (offset < committed_end_) {
        Note(frame, offset);
      }
    });
    static_cast<void>(scan);
    end_ = committed_end_;
  }
  marks_ = committed_marks_;
  if (why) {
    return why;
  }
  return std::unexpected(std::move(why).error().At(SegmentPath(directory_, number_)));
}

// Made under another name and renamed when it is on the disk, so that a segment is whole or absent.
core::Status Archive::StartSegment() {
  const std::string path = SegmentPath(directory_, number_ + 1);
  const std::string fresh = path + ".new";
  SB_TRY(File file, OpenFile(fresh, O_RDWR | O_CREAT | O_TRUNC));
  OpenIntents open;
  std::uint64_t end = 0;
  auto ready = WriteOpening(file.fd(), open, end);
  if (ready && rename(fresh.c_str(), path.c_str()) != 0) {
    ready = core::Fail(ErrorCode::kInternal, core::ErrnoMessage(errno));
  }
  if (!ready) {
    unlink(fresh.c_str());
    return std::unexpected(std::move(ready).error().At(path));
  }
  file_ = std::move(file);
  open_ = std::move(open);
  first_time_.reset();
  end_ = committed_end_ = end;
  ++number_;
  return SyncDirectory(directory_);
}

core::Status Archive::WriteOpening(int fd, OpenIntents& open, std::uint64_t& end) {
  std::vector<std::byte> bytes;
  SegmentLink before{.segment = number_, .hash = {}};
  if (file_.is_open()) {
    SB_TRY(before.hash, HashFile(file_.fd(), end_));
  }
  EncodeCheckpoint(marks_, before, bytes);
  for (const std::uint64_t offset : open_.Offsets()) {
    std::byte record[kMaxRecordBytes];
    Frame frame;
    const ssize_t got = pread(file_.fd(), record, sizeof record, static_cast<off_t>(offset));
    if (got <= 0 ||
        DecodeFrame(std::span(record).first(static_cast<std::size_t>(got)), frame) == 0) {
      continue;  // damaged since; the older segment still says so
    }
    open.Add(KeyOf(frame), bytes.size());
    bytes.insert(bytes.end(), frame.bytes.begin(), frame.bytes.end());
  }
  SB_CHECK_OK(WriteAt(fd, 0, bytes));
  end = bytes.size();
  return SyncFile(fd);
}

// False when there is more than may be kept because the store has not taken it.
bool Archive::RemoveOldSegments() {
  auto segments = ListSegments(directory_);
  std::error_code ignored;
  std::uint64_t total = 0;
  for (const SegmentName& segment : segments) {
    total += std::filesystem::file_size(segment.path, ignored);
  }
  const ArchiveProgress* progress = options_.progress;
  const bool awaited = progress != nullptr && progress->awaits_shipping();
  for (const SegmentName& segment : segments) {
    const bool old = options_.keep_time.count() != 0 &&
                     WrittenLast(segment.path) < core::WallNow() - options_.keep_time;
    if ((total <= options_.keep_bytes && !old) || segment.number >= number_) {
      return true;
    }
    if (awaited && segment.number >= progress->shipped().segment) {
      return total <= options_.keep_bytes;
    }
    const std::uint64_t size = std::filesystem::file_size(segment.path, ignored);
    if (unlink(segment.path.c_str()) == 0) {
      total -= size;
      telemetry::Log(
          Level::kInfo, "removed the oldest segment of the ledger's archive",
          {{"file", segment.path}, {"bytes", size}, {"keep_bytes", options_.keep_bytes}});
    }
  }
  return true;
}

core::Status Archive::VisitOpenIntents(const VisitIntent& visit) {
  for (const std::uint64_t offset : open_.Offsets()) {
    std::byte bytes[kMaxRecordBytes];
    const ssize_t got = pread(file_.fd(), bytes, sizeof bytes, static_cast<off_t>(offset));
    Record record;
    Frame frame;
    if (got <= 0 ||
        DecodeFrame(std::span(bytes).first(static_cast<std::size_t>(got)), frame) == 0 ||
        !DecodeBody(frame, record)) {
      telemetry::Log(Level::kError, "an open intent of the ledger cannot be read back",
                     {{"offset", offset}});
      continue;
    }
    SB_CHECK_OK(visit(record, frame.origin));
  }
  return {};
}

}  // namespace signalbox::ledger
