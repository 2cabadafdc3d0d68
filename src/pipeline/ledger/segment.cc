#include "pipeline/ledger/segment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace signalbox::ledger {
namespace {

using core::ErrorCode;

constexpr std::size_t kBufferBytes = 4 * kMaxFrameBytes;

std::unexpected<core::Error> Errno(std::string_view what) {
  return core::Fail(ErrorCode::kInternal, fmt::format("{}: {}", what, core::ErrnoMessage(errno)));
}

// Bytes of a file from an offset on, refilled from the front.
class Window {
 public:
  Window(int fd, std::uint64_t offset) : fd_(fd), offset_(offset), buffer_(kBufferBytes) {}

  std::span<const std::byte> bytes() const { return std::span(buffer_).subspan(at_, size_ - at_); }
  std::uint64_t offset() const { return offset_ + at_; }
  bool at_end() const { return at_end_; }
  void Skip(std::size_t count) { at_ += count; }

  core::Status Fill() {
    std::memmove(buffer_.data(), buffer_.data() + at_, size_ - at_);
    offset_ += at_;
    size_ -= at_;
    at_ = 0;
    while (size_ < buffer_.size() && !at_end_) {
      const ssize_t got = pread(fd_, buffer_.data() + size_, buffer_.size() - size_,
                                static_cast<off_t>(offset_ + size_));
      if (got < 0) {
        return Errno("read");
      }
      at_end_ = got == 0;
      size_ += static_cast<std::size_t>(got);
    }
    return {};
  }

 private:
  const int fd_;
  std::uint64_t offset_;
  std::vector<std::byte> buffer_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  bool at_end_ = false;
};

}  // namespace

std::string SegmentPath(const std::string& directory, std::uint32_t number) {
  return fmt::format("{}/{:06}.log", directory, number);
}

std::vector<SegmentName> ListSegments(const std::string& directory) {
  std::vector<SegmentName> segments;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && std::string_view(rest) == ".log") {
      segments.push_back({number, entry.path().string()});
    }
  }
  std::ranges::sort(segments, {}, &SegmentName::number);
  return segments;
}

core::Result<SegmentScan> ScanSegment(
    int fd, std::uint64_t from,
    const std::function<void(const Frame&, std::uint64_t offset)>& visit) {
  SegmentScan scan{from, 0};
  Window window(fd, from);
  for (;;) {
    if (window.bytes().size() < kMaxFrameBytes && !window.at_end()) {
      SB_CHECK_OK(window.Fill());
    }
    if (window.bytes().size() < kFrameHeaderBytes) {
      return scan;
    }
    Frame frame;
    const std::size_t size = DecodeFrame(window.bytes(), frame);
    if (size == 0) {
      window.Skip(8);
      continue;
    }
    visit(frame, window.offset());
    scan.damaged_bytes += window.offset() - scan.end;
    window.Skip(size);
    scan.end = window.offset();
  }
}

core::Status WriteAt(int fd, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      return Errno("write");
    }
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

core::Status SyncFile(int fd) {
  if (fdatasync(fd) != 0) {
    return Errno("sync");
  }
  return {};
}

core::Status SyncDirectory(const std::string& directory) {
  SB_TRY(const File file, OpenFile(directory, O_RDONLY | O_DIRECTORY));
  if (fsync(file.fd()) != 0) {
    return Errno("sync");
  }
  return {};
}

File::~File() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

core::Result<File> OpenFile(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Errno(path);
  }
  return File(fd);
}

}  // namespace signalbox::ledger
