// The other side of a connection, byte by byte, for tests: blocking sockets with a time limit.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "io/net/stream.h"

namespace signalbox::net {

inline constexpr int kTestSeconds = 20;  // far beyond what any answer takes

// A connected socket.
class RawPeer {
 public:
  RawPeer() = default;
  explicit RawPeer(Socket socket) : socket_(std::move(socket)) { SetLimits(); }

  static RawPeer ConnectTo(std::uint16_t port) {
    RawPeer peer(Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(peer.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0)
        << strerror(errno);
    return peer;
  }

  int fd() const { return socket_.fd(); }
  bool Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // What there is, at most `most` bytes; empty at the end (or a reset, or the time limit).
  std::string Some(std::size_t most = 64 * 1024) {
    std::string room(most, '\0');
    const ssize_t got = recv(fd(), room.data(), room.size(), 0);
    timed_out_ = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    was_reset_ = got < 0 && errno == ECONNRESET;
    room.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return room;
  }
  // Everything to the end of the connection.
  std::string All() {
    std::string all;
    for (std::string more = Some(); !more.empty(); more = Some()) {
      all += more;
    }
    EXPECT_FALSE(timed_out_) << "the connection stays open after: " << all;
    return all;
  }
  // Bytes up to and with `end`; what came behind stays for the next call.
  std::string Until(std::string_view end) {
    std::size_t at = 0;
    while ((at = held_.find(end)) == std::string::npos) {
      const std::string more = Some();
      if (more.empty()) {
        ADD_FAILURE() << "the connection ended before '" << end << "' after: " << held_;
        return std::exchange(held_, {});
      }
      held_ += more;
    }
    std::string out = held_.substr(0, at + end.size());
    held_.erase(0, out.size());
    return out;
  }
  std::string Exactly(std::size_t count) {
    while (held_.size() < count) {
      const std::string more = Some();
      if (more.empty()) {
        ADD_FAILURE() << "the connection ended after: " << held_;
        break;
      }
      held_ += more;
    }
    std::string out = held_.substr(0, count);
    held_.erase(0, out.size());
    return out;
  }
  // A head, and a body as its content-length says.
  std::string Message() {
    std::string head = Until("\r\n\r\n");
    const std::size_t field = head.find("content-length: ");
    return field == std::string::npos ? head : head + Exactly(std::stoul(head.substr(field + 16)));
  }
  // The end of the connection has come, in order and with nothing before it.
  bool AtEnd() { return held_.empty() && Some().empty() && !timed_out_ && !was_reset_; }
  // The other side resets although nothing of what it sent is read here.
  bool IsResetWithoutReading() const {
    pollfd broken{.fd = fd(), .events = 0, .revents = 0};
    return poll(&broken, 1, kTestSeconds * 1000) == 1 && (broken.revents & POLLERR) != 0;
  }
  bool was_reset() const { return was_reset_; }
  bool timed_out() const { return timed_out_; }

  void ShutdownWrite() const { shutdown(fd(), SHUT_WR); }
  void Close() { socket_.Close(); }
  void Reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    socket_.Close();
  }

 private:
  void SetLimits() const {
    const timeval limit{.tv_sec = kTestSeconds, .tv_usec = 0};
    setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  Socket socket_;
  std::string held_;
  bool timed_out_ = false;
  bool was_reset_ = false;
};

// A listening socket on a free port of loopback.
class RawListener {
 public:
  RawListener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(socket_.fd(), 16), 0);
    socklen_t size = sizeof address;
    getsockname(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    const timeval limit{.tv_sec = kTestSeconds, .tv_usec = 0};
    setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  std::uint16_t port() const { return port_; }
  RawPeer Accept() const {
    const int fd = accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    EXPECT_GE(fd, 0) << "nobody connects";
    return RawPeer(Socket(fd));
  }

 private:
  Socket socket_;
  std::uint16_t port_ = 0;
};

// What one thread tells another.
class Notes {
 public:
  void Add(std::string note) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(note));
    added_.notify_all();
  }
  // Waits until `note` has been added `times` times.
  bool Wait(std::string_view note, std::ptrdiff_t times = 1) {
    std::unique_lock lock(mutex_);
    return added_.wait_for(lock, std::chrono::seconds(kTestSeconds),
                           [&] { return std::count(notes_.begin(), notes_.end(), note) >= times; });
  }
  std::ptrdiff_t Count(std::string_view note) {
    const std::lock_guard lock(mutex_);
    return std::count(notes_.begin(), notes_.end(), note);
  }

 private:
  std::mutex mutex_;
  std::condition_variable added_;
  std::vector<std::string> notes_;
};

}  // namespace signalbox::net
