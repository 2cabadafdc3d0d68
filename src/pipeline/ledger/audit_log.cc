#include "pipeline/ledger/audit_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/telemetry/log.h"
#include "io/store/text.h"
#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/audit_trail.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;
using telemetry::Level;

// A frame is its size (u32), a checksum (u32, the low half of XXH3-64 of the body), the body.
constexpr std::size_t kFrameHead = 8;
constexpr std::size_t kMaxFrame = kMaxAuditDetails + 64U * 1024;
// A file of shipped entries is taken back to its head above this.
constexpr std::uint64_t kRewriteBytes = 1U << 20U;
constexpr std::uint64_t kMostBytes = 64U << 20U;
constexpr std::size_t kRowsAtOnce = 500;

struct HeadBody {
  std::uint64_t sequence;
  Digest hash;
};

void PutFrame(std::span<const std::byte> body, std::vector<std::byte>& out) {
  const std::uint32_t head[2] = {static_cast<std::uint32_t>(body.size()),
                                 static_cast<std::uint32_t>(Checksum(body))};
  const auto bytes = std::as_bytes(std::span(head));
  out.insert(out.end(), bytes.begin(), bytes.end());
  out.insert(out.end(), body.begin(), body.end());
}

// The body of the frame at the front; nullopt: it is not whole.
std::optional<std::span<const std::byte>> TakeFrame(std::span<const std::byte>& rest) {
  std::uint32_t head[2];
  if (rest.size() < sizeof head) {
    return std::nullopt;
  }
  std::memcpy(head, rest.data(), sizeof head);
  if (head[0] > kMaxFrame || rest.size() - sizeof head < head[0]) {
    return std::nullopt;
  }
  const auto body = rest.subspan(kFrameHead, head[0]);
  if (static_cast<std::uint32_t>(Checksum(body)) != head[1]) {
    return std::nullopt;
  }
  rest = rest.subspan(kFrameHead + head[0]);
  return body;
}

core::Result<std::vector<std::byte>> ReadWhole(int fd) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)));
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = pread(fd, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got <= 0) {
      return core::Fail(ErrorCode::kInternal, core::ErrnoMessage(errno));
    }
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

AuditHead HeadOf(const AuditRow& row) {
  return {row.sequence, row.hash};
}

struct Contents {
  AuditHead head;
  std::deque<AuditRow> rows;
  std::uint64_t end = 0;  // after the last whole entry
  std::uint64_t cut = 0;  // bytes behind it
};

core::Result<Contents> ReadContents(int fd) {
  SB_TRY(const std::vector<std::byte> bytes, ReadWhole(fd));
  std::span<const std::byte> rest(bytes);
  const auto head = TakeFrame(rest);
  if (!head || head->size() != sizeof(HeadBody)) {
    return core::Fail(ErrorCode::kInternal,
                      "the audit trail's file does not begin with its head: put it back from a "
                      "copy, or move it away, which the trail will show");
  }
  HeadBody body;
  std::memcpy(&body, head->data(), sizeof body);
  Contents contents;
  contents.head = {body.sequence, body.hash};
  AuditHead last = contents.head;
  while (const auto frame = TakeFrame(rest)) {
    auto row = DecodeAuditRow(*frame);
    if (!row || row->sequence != last.sequence + 1 || row->previous != last.hash) {
      return core::Fail(
          ErrorCode::kInternal,
          fmt::format("the audit trail was changed in its file behind entry {}", last.sequence));
    }
    last = HeadOf(*row);
    contents.rows.push_back(*std::move(row));
  }
  contents.end = bytes.size() - rest.size();
  contents.cut = rest.size();
  return contents;
}

void MakeStorable(std::string& text) {
  if (!store::IsStorableText(text)) {
    text = store::StorableText(text);
  }
}

void MakeStorable(AuditEntry& entry) {
  for (std::string* text : {&entry.action, &entry.entity_type, &entry.entity_id, &entry.user_id,
                            &entry.resource_name, &entry.details}) {
    MakeStorable(*text);
  }
}

}  // namespace

core::Result<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& directory) {
  SB_TRY(const ArchiveId archive, ReadArchiveId(directory));
  std::unique_ptr<AuditLog> log(new AuditLog(directory + "/audit.log", archive.Text()));
  auto loaded = access(log->path_.c_str(), F_OK) == 0 ? log->Load() : log->Rewrite();
  if (!loaded) {
    return std::unexpected(std::move(loaded).error().At(log->path_));
  }
  return log;
}

core::Status AuditLog::Load() {
  SB_TRY(file_, OpenFile(path_, O_RDWR));
  SB_TRY(Contents contents, ReadContents(file_.fd()));
  shipped_ = contents.head;
  head_ = contents.rows.empty() ? shipped_ : HeadOf(contents.rows.back());
  waiting_ = std::move(contents.rows);
  end_ = contents.end;
  if (contents.cut != 0) {
    telemetry::Log(Level::kWarn, "the audit trail ended inside an entry; cut back",
                   {{"file", path_}, {"bytes", contents.cut}});
    if (ftruncate(file_.fd(), static_cast<off_t>(end_)) != 0) {
      return core::Fail(ErrorCode::kInternal, core::ErrnoMessage(errno));
    }
  }
  return {};
}

// A file with nothing but the head, in the place of the one that is there.
core::Status AuditLog::Rewrite() {
  const HeadBody body{shipped_.sequence, shipped_.hash};
  std::vector<std::byte> bytes;
  PutFrame(std::as_bytes(std::span(&body, 1)), bytes);
  const std::string fresh = path_ + ".new";
  SB_TRY(File file, OpenFile(fresh, O_RDWR | O_CREAT | O_TRUNC));
  SB_CHECK_OK(WriteAt(file.fd(), 0, bytes));
  SB_CHECK_OK(SyncFile(file.fd()));
  if (rename(fresh.c_str(), path_.c_str()) != 0) {
    return core::Fail(ErrorCode::kInternal, core::ErrnoMessage(errno));
  }
  file_ = std::move(file);
  end_ = bytes.size();
  return SyncDirectory(path_.substr(0, path_.rfind('/')));
}

core::Status AuditLog::AppendFrame(std::span<const std::byte> frame) {
  auto written = WriteAt(file_.fd(), end_, frame);
  if (written) {
    written = SyncFile(file_.fd());
  }
  if (!written) {
    static_cast<void>(ftruncate(file_.fd(), static_cast<off_t>(end_)));
    return std::unexpected(std::move(written).error().At(path_));
  }
  end_ += frame.size();
  return {};
}

core::Result<std::uint64_t> AuditLog::Append(AuditEntry entry, core::WallTime now) {
  if (entry.details.size() > kMaxAuditDetails) {
    return core::Fail(
        ErrorCode::kPayloadTooLarge,
        fmt::format("an audit entry holds {} bytes of details at most", kMaxAuditDetails));
  }
  MakeStorable(entry);
  const std::lock_guard lock(mutex_);
  if (end_ > kMostBytes) {
    return core::Fail(ErrorCode::kUnavailable,
                      "the audit trail waits for the store, and there is as much of it as may be: "
                      "nothing can be changed until the store is back");
  }
  AuditRow row{.replica = replica_,
               .sequence = head_.sequence + 1,
               .created_at = now,
               .entry = std::move(entry),
               .previous = head_.hash};
  row.hash = HashOf(row);
  std::vector<std::byte> body;
  EncodeAuditRow(row, body);
  if (body.size() > kMaxFrame) {
    return core::Fail(ErrorCode::kPayloadTooLarge, "an audit entry is too large");
  }
  std::vector<std::byte> frame;
  PutFrame(body, frame);
  SB_CHECK_OK(AppendFrame(frame));
  head_ = HeadOf(row);
  waiting_.push_back(std::move(row));
  return head_.sequence;
}

core::Result<std::uint64_t> AuditLog::Ship(store::Sql& sql) {
  const std::lock_guard alone(shipping_);
  std::vector<AuditRow> rows;
  {
    const std::lock_guard lock(mutex_);
    const auto count = std::min<std::size_t>(waiting_.size(), kRowsAtOnce);
    rows.assign(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  if (rows.empty()) {
    return 0;
  }
  SB_CHECK_OK(StoreAudit(sql, rows));
  const std::lock_guard lock(mutex_);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(rows.size()));
  shipped_ = HeadOf(rows.back());
  if (waiting_.empty() && end_ > kRewriteBytes) {
    SB_CHECK_OK(Rewrite());
  }
  return rows.size();
}

AuditHead AuditLog::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

std::size_t AuditLog::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace signalbox::ledger
