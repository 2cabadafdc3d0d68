#include "io/net/channel.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace signalbox::net {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr std::size_t kMostDescriptors = 250;  // the kernel takes 253
constexpr std::size_t kMostText = 64 * 1024;

std::unexpected<core::Error> Failed(std::string_view what) {
  return Fail(ErrorCode::kUnavailable, std::string(what) + ": " + core::ErrnoMessage(errno));
}

// Room for the descriptors of a message, aligned as the kernel wants it.
struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> bytes{};
};

std::vector<Socket> TakeDescriptors(msghdr& message) {
  std::vector<Socket> taken;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
      taken.emplace_back(descriptor);
    }
  }
  return taken;
}

}  // namespace

core::Result<std::pair<Channel, Channel>> Channel::Pair() {
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return Failed("a pair of sockets");
  }
  return std::pair(Channel(Socket(ends[0])), Channel(Socket(ends[1])));
}

core::Status Channel::Send(std::string_view text, std::span<const int> descriptors) {
  if (text.empty() || text.size() > kMostText || descriptors.size() > kMostDescriptors) {
    return Fail(ErrorCode::kInternal, "too much, or nothing, for one message");
  }
  iovec piece{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  Control control;
  if (!descriptors.empty()) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(part), descriptors.data(), descriptors.size_bytes());
  }
  if (sendmsg(socket_.fd(), &message, MSG_NOSIGNAL) < 0) {
    return Failed("a message to the other process");
  }
  return {};
}

core::Result<Channel::Message> Channel::Receive(std::chrono::milliseconds time) {
  pollfd ready{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
  if (poll(&ready, 1, static_cast<int>(time.count())) <= 0) {
    return Fail(ErrorCode::kDeadlineExceeded, "the other process has said nothing in time");
  }
  Message out;
  out.text.resize(kMostText);
  iovec piece{out.text.data(), out.text.size()};
  Control control;
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  const ssize_t size = recvmsg(socket_.fd(), &message, MSG_CMSG_CLOEXEC);
  if (size < 0) {
    return Failed("a message of the other process");
  }
  if (size == 0) {
    return Fail(ErrorCode::kCancelled, "the other process is gone");
  }
  out.text.resize(static_cast<std::size_t>(size));
  out.descriptors = TakeDescriptors(message);
  return out;
}

}  // namespace signalbox::net
