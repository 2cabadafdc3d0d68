#include "pipeline/ledger/reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "pipeline/ledger/data_lock.h"
#include "pipeline/ledger/ledger.h"

namespace signalbox::ledger {

core::Result<std::size_t> Reader::Poll(const Visit& visit) {
  SB_TRY(std::vector<Waiting> waiting, ReadJournals());
  SB_TRY(std::size_t count, ReadSegments(visit));
  // Several workers' records, in the order of their times.
  std::vector<std::pair<Record, Frame>> rest;
  for (const Waiting& one : waiting) {
    Frame frame;
    Record record;
    if (DecodeFrame(one.bytes, frame) != 0 && DecodeBody(frame, record)) {
      rest.emplace_back(record, frame);
    }
  }
  std::erase_if(rest, [this](const auto& one) { return !IsNew(one.second); });
  std::ranges::sort(rest, {}, [](const auto& one) {
    return std::tuple(one.first.time, one.second.origin.journal, one.second.origin.position);
  });
  for (const auto& [record, frame] : rest) {
    visit(record);
  }
  return count + rest.size();
}

core::Result<std::size_t> Reader::Tail(std::size_t count, const Visit& visit) {
  const auto segments = ListSegments(LedgerDirectory(data_directory_));
  std::deque<std::vector<std::byte>> last;
  for (std::size_t back = 1;; ++back) {
    last.clear();
    seen_.clear();
    damaged_bytes_ = 0;
    segment_ = back > segments.size() ? 0 : segments[segments.size() - back].number;
    offset_ = 0;
    SB_CHECK_OK(Poll([&](const Record& record) {
      std::vector<std::byte> bytes(EncodedSize(record));
      EncodeRecord(record, {}, bytes.data());
      last.push_back(std::move(bytes));
      if (last.size() > count) {
        last.pop_front();
      }
    }));
    if (last.size() == count || back >= segments.size()) {
      break;
    }
  }
  for (const auto& bytes : last) {
    Record record;
    if (DecodeRecord(bytes, record) != 0) {
      visit(record);
    }
  }
  return last.size();
}

namespace {

// The records of one request, as they are found.
class Hunt {
 public:
  explicit Hunt(core::RequestId request) : request_(request) {}

  void Take(const Frame& frame) {
    Record record;
    if (frame.type == FrameType::kCheckpoint || !DecodeBody(frame, record) ||
        record.request != request_) {
      return;
    }
    const std::pair key(record.attempt, record.type);
    if (!found_.contains(key)) {
      found_[key].assign(frame.bytes.begin(), frame.bytes.end());
      cached_ = cached_ || record.cached;
      (record.type == RecordType::kIntent ? intents_ : settlements_) += 1;
    }
  }
  bool Complete() const { return cached_ || (intents_ != 0 && settlements_ >= intents_); }

  std::size_t Tell(const Reader::Visit& visit) const {
    for (const auto& [key, bytes] : found_) {
      Record record;
      if (DecodeRecord(bytes, record) != 0) {
        visit(record);
      }
    }
    return found_.size();
  }

 private:
  core::RequestId request_;
  // By attempt, the intent before the settlement.
  std::map<std::pair<std::uint16_t, RecordType>, std::vector<std::byte>> found_;
  std::size_t intents_ = 0;
  std::size_t settlements_ = 0;
  bool cached_ = false;  // there is nothing but that settlement
};

// Whether `path` was last written before `time`, by a second at least.
bool EndedBefore(const std::string& path, core::WallTime time) {
  struct stat info{};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  return stat(path.c_str(), &info) == 0 && info.st_mtim.tv_sec + 1 < seconds;
}

}  // namespace

core::Result<std::size_t> Reader::Find(core::RequestId request, const Visit& visit) {
  SB_TRY(const std::vector<Waiting> waiting, ReadJournals());
  Hunt hunt(request);
  for (const SegmentName& segment : ListSegments(LedgerDirectory(data_directory_))) {
    auto file = OpenFile(segment.path, O_RDONLY);
    if (!file || EndedBefore(segment.path, request.uuid.Time())) {
      continue;
    }
    SB_TRY(
        [[maybe_unused]] const SegmentScan scan,
        ScanSegment(file->fd(), 0, [&](const Frame& frame, std::uint64_t) { hunt.Take(frame); }));
    if (hunt.Complete()) {
      break;
    }
  }
  for (const Waiting& one : waiting) {
    Frame frame;
    if (DecodeFrame(one.bytes, frame) != 0) {
      hunt.Take(frame);
    }
  }
  return hunt.Tell(visit);
}

bool Reader::IsNew(const Frame& frame) {
  std::uint64_t& seen = seen_[frame.origin.journal];
  const std::uint64_t end = frame.origin.position + frame.bytes.size();
  if (end <= seen) {
    return false;
  }
  seen = end;
  return true;
}

core::Result<std::vector<Reader::Waiting>> Reader::ReadJournals() {
  const std::string directory = LedgerDirectory(data_directory_);
  const auto paths = ListJournals(directory);
  if (paths.empty() && ListSegments(directory).empty()) {
    return core::Fail(core::ErrorCode::kNotFound, data_directory_ + ": no ledger here");
  }
  const bool live = DataLock::Held(data_directory_);
  std::vector<Waiting> waiting;
  for (const std::string& path : paths) {
    auto read = ReadJournal(path, live, waiting);
    // One that is gone meanwhile is in the archive, which is read behind the journals.
    if (!read && access(path.c_str(), F_OK) == 0) {
      return std::unexpected(std::move(read).error().At(path));
    }
  }
  return waiting;
}

core::Status Reader::ReadJournal(const std::string& path, bool live, std::vector<Waiting>& out) {
  SB_TRY(const File file, OpenFile(path, O_RDONLY));
  SB_TRY(const RingContents contents, ReadRing(file.fd(), live));
  damaged_bytes_ += live ? 0 : contents.damaged_bytes;
  std::vector<std::byte> bytes;
  for (const Run& run : contents.runs) {
    bytes.clear();
    SB_CHECK_OK(ReadRun(file.fd(), run, bytes));
    std::span<const std::byte> rest(bytes);
    Frame frame;
    // Anything else was written over meanwhile, which means that it is in the archive.
    while (DecodeFrame(rest, frame) != 0 && frame.origin.journal == contents.journal &&
           frame.origin.position == run.end_position() - rest.size()) {
      if (frame.origin.position >= seen_[contents.journal]) {
        out.push_back(
            {contents.journal, frame.origin.position, {frame.bytes.begin(), frame.bytes.end()}});
      }
      rest = rest.subspan(frame.bytes.size());
    }
    if (!rest.empty()) {
      return {};
    }
  }
  return {};
}

core::Result<std::size_t> Reader::ReadSegments(const Visit& visit) {
  std::size_t count = 0;
  for (const SegmentName& segment : ListSegments(LedgerDirectory(data_directory_))) {
    if (segment.number < segment_) {
      continue;
    }
    offset_ = segment.number == segment_ ? offset_ : 0;
    auto file = OpenFile(segment.path, O_RDONLY);
    if (!file) {
      continue;  // removed by retention meanwhile
    }
    SB_TRY(const SegmentScan scan,
           ScanSegment(file->fd(), offset_, [&](const Frame& frame, std::uint64_t) {
             Record record;
             if (DecodeBody(frame, record) && IsNew(frame)) {
               visit(record);
               ++count;
             }
           }));
    damaged_bytes_ += scan.damaged_bytes;
    segment_ = segment.number;
    offset_ = scan.end;
  }
  return count;
}

}  // namespace signalbox::ledger
