#include "pipeline/ledger/chain.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {
namespace {

constexpr std::size_t kReadBytes = 1U << 20U;

// What a segment says about the one before it; nothing where it was written by an older version.
core::Result<std::optional<SegmentLink>> LinkOf(int fd) {
  SegmentReader reader(fd, 0, kMaxFrameBytes);
  Frame frame;
  SB_TRY(const bool found, reader.Next(frame));
  if (!found || frame.type != FrameType::kCheckpoint || reader.offset() != 0) {
    return core::Fail(core::ErrorCode::kInternal, "does not open as a segment does");
  }
  return DecodeLink(frame.bytes.subspan(kFrameHeaderBytes));
}

}  // namespace

core::Result<Digest> HashFile(int fd, std::uint64_t size) {
  Hasher hasher;
  std::vector<std::byte> bytes(kReadBytes);
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t most = std::min<std::uint64_t>(bytes.size(), size - at);
    const ssize_t got = pread(fd, bytes.data(), most, static_cast<off_t>(at));
    if (got <= 0) {
      return core::Fail(core::ErrorCode::kInternal,
                        got == 0 ? "shorter than it was" : core::ErrnoMessage(errno));
    }
    hasher.Add(std::span(bytes).first(static_cast<std::size_t>(got)));
    at += static_cast<std::uint64_t>(got);
  }
  return hasher.Finish();
}

core::Result<std::vector<SegmentCheck>> VerifySegments(const std::string& directory) {
  std::vector<SegmentCheck> checks;
  Digest before{};
  for (const SegmentName& segment : ListSegments(directory)) {
    SegmentCheck check{.segment = segment.number, .flaw = {}};
    auto file = OpenFile(segment.path, O_RDONLY);
    if (!file && checks.empty() && access(segment.path.c_str(), F_OK) != 0) {
      continue;  // the oldest one went meanwhile
    }
    if (!file) {
      return std::unexpected(std::move(file).error());
    }
    const auto link = LinkOf(file->fd());
    if (!link) {
      check.flaw = link.error().message;
    } else if (!checks.empty() && checks.back().segment + 1 != segment.number) {
      check.flaw = fmt::format("segment {} is missing before it", checks.back().segment + 1);
    } else if (!checks.empty() && *link && (*link)->hash != before && checks.back().flaw.empty()) {
      checks.back().flaw = "was changed after it was closed";
    }
    const auto size = static_cast<std::uint64_t>(lseek(file->fd(), 0, SEEK_END));
    SB_TRY(before, HashFile(file->fd(), size));
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace signalbox::ledger
