#include "connection.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace signalbox::bench {

bool Connection::Open(const Endpoint& endpoint, int epoll, std::uint64_t tag) {
  Close();
  fd_ = Connect(endpoint);
  if (fd_ < 0) return false;
  epoll_ = epoll;
  tag_ = tag;
  wants_write_ = false;
  unsent_ = {};
  reader_.Reset();
  Watch(epoll_, fd_, EPOLLIN, tag_);
  return true;
}

void Connection::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Connection::Progress Connection::Start(std::string_view request, Nanos intended) {
  reader_.Reset();
  intended_ = intended;
  unsent_ = request;
  return OnWritable();
}

Connection::Progress Connection::Continue(std::string_view rest) {
  unsent_ = rest;
  return OnWritable();
}

Connection::Progress Connection::OnWritable() {
  ssize_t sent = send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return Progress::kBroken;
  if (sent > 0) unsent_.remove_prefix(static_cast<std::size_t>(sent));
  if (unsent_.empty() == wants_write_) {
    wants_write_ = !wants_write_;
    Rewatch(epoll_, fd_, EPOLLIN | (wants_write_ ? EPOLLOUT : 0u), tag_);
  }
  return Progress::kWaiting;
}

Connection::Progress Connection::OnReadable(std::string& scratch) {
  ssize_t size = recv(fd_, scratch.data(), scratch.size(), 0);
  if (size < 0) return errno == EAGAIN ? Progress::kWaiting : Progress::kBroken;
  if (size == 0) return Progress::kBroken;
  std::string_view input(scratch.data(), static_cast<std::size_t>(size));
  while (!input.empty() && !reader_.done() && !reader_.bad()) reader_.Next(input);
  if (reader_.bad()) return Progress::kBroken;
  return reader_.done() ? Progress::kDone : Progress::kWaiting;
}

}  // namespace signalbox::bench
