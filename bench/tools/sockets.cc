#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "flags.h"

namespace signalbox::bench {
namespace {

[[noreturn]] void FailWithErrno(std::string_view what) {
  Fail(std::string(what) + ": " + strerror(errno));
}

sockaddr_in AddressOf(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  if (inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1 ||
      !endpoint.host.starts_with("127.")) {
    Fail("only 127.x.x.x is measured, not " + endpoint.host);
  }
  return address;
}

void SetNoDelay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

Endpoint ParseEndpoint(std::string_view text) {
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) Fail("expected HOST:PORT, got " + std::string(text));
  Endpoint endpoint{.host = std::string(text.substr(0, colon))};
  std::string_view port = text.substr(colon + 1);
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc{} || end != port.data() + port.size()) {
    Fail("bad port in " + std::string(text));
  }
  return endpoint;
}

int Listen(const Endpoint& endpoint) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) FailWithErrno("socket");
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = AddressOf(endpoint);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) FailWithErrno("bind");
  if (listen(fd, 4096) < 0) FailWithErrno("listen");
  return fd;
}

std::uint16_t LocalPort(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) < 0) {
    FailWithErrno("getsockname");
  }
  return ntohs(address.sin_port);
}

int Accept(int listener) {
  int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) SetNoDelay(fd);
  return fd;
}

int Connect(const Endpoint& endpoint) {
  sockaddr_in address = AddressOf(endpoint);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) FailWithErrno("socket");
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
    close(fd);
    return -1;
  }
  SetNoDelay(fd);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  return fd;
}

void SetBlocking(int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

int NewEpoll() {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) FailWithErrno("epoll_create1");
  return fd;
}

void Watch(int epoll, int fd, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{.events = events, .data = {.u64 = tag}};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) FailWithErrno("epoll_ctl");
}

void Rewatch(int epoll, int fd, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{.events = events, .data = {.u64 = tag}};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) < 0) FailWithErrno("epoll_ctl");
}

int WaitUntil(int epoll, epoll_event* events, int capacity, Nanos deadline) {
  Nanos left = std::max<Nanos>(deadline - NowNs(), 0);
  timespec timeout{.tv_sec = left / kSecond, .tv_nsec = left % kSecond};
  int count = epoll_pwait2(epoll, events, capacity, &timeout, nullptr);
  if (count < 0 && errno != EINTR) FailWithErrno("epoll_pwait2");
  return std::max(count, 0);
}

void RaiseDescriptorLimit(std::uint64_t wanted) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < wanted) {
    Fail("needs " + std::to_string(wanted) + " descriptors; raise the limit with ulimit -n");
  }
}

void SharpenTimers() {
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

}  // namespace signalbox::bench
