#include "upstream_connection.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>

namespace signalbox::bench {
namespace {

constexpr std::size_t kPeekBytes = 512;
constexpr std::size_t kMaxPending = 4u << 20;

// The bytes after `"name":` and blanks, or empty.
std::string_view ValueAfter(std::string_view json, std::string_view quoted_name) {
  std::size_t at = json.find(quoted_name);
  if (at == std::string_view::npos) return {};
  std::string_view rest = json.substr(at + quoted_name.size());
  std::size_t start = rest.find_first_not_of(": ");
  return start == std::string_view::npos ? std::string_view{} : rest.substr(start);
}

}  // namespace

void UpstreamConnection::Open(int fd) {
  fd_ = fd;
  reader_.Reset();
  peek_.clear();
  pending_.clear();
  wants_write = false;
  frames_left = 0;
}

void UpstreamConnection::Close() {
  close(fd_);
  fd_ = -1;
  frames_left = 0;
  ++generation;
}

bool UpstreamConnection::Read(std::string& scratch) {
  ssize_t size = recv(fd_, scratch.data(), scratch.size(), 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return false;
  std::string_view input(scratch.data(), static_cast<std::size_t>(size));
  while (!input.empty() && !reader_.done()) {
    std::string_view piece = reader_.Next(input);
    if (peek_.size() < kPeekBytes) peek_.append(piece.substr(0, kPeekBytes - peek_.size()));
    if (reader_.bad()) return false;
  }
  return input.empty();  // the load generator never pipelines
}

UpstreamConnection::Wish UpstreamConnection::TakeRequest() {
  Wish wish{.get = reader_.is_get()};
  if (!wish.get) {
    wish.stream = ValueAfter(peek_, "\"stream\"").starts_with("true");
    if (wish.stream) {
      wish.usage = ValueAfter(peek_, "\"include_usage\"").starts_with("true");
      std::string_view count = ValueAfter(peek_, "\"max_tokens\"");
      std::from_chars(count.data(), count.data() + count.size(), wish.max_tokens);
    }
  }
  reader_.Reset();
  peek_.clear();
  return wish;
}

bool UpstreamConnection::Write(std::string_view bytes) {
  if (pending_.empty()) {
    ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  pending_.append(bytes);
  return pending_.size() <= kMaxPending;
}

bool UpstreamConnection::Flush() {
  if (pending_.empty()) return true;
  ssize_t sent = send(fd_, pending_.data(), pending_.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN;
  pending_.erase(0, static_cast<std::size_t>(sent));
  return true;
}

}  // namespace signalbox::bench
