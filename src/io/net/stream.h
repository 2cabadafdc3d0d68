// A byte stream over one socket, plain or TLS, without blocking.
//
// Owner:   the connection; closes the socket when it goes.
// Threads: the loop's.
// Errors:  Result with kCancelled, kDeadlineExceeded, kUpstreamFailed ("the peer ...").
// Cancel:  a wait that ends early leaves the stream usable only for closing.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <memory>
#include <span>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "base/async/watch.h"
#include "base/core/error.h"
#include "io/net/tls.h"

namespace signalbox::net {

// A descriptor that is closed when it goes.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { Close(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }
  void Close();

 private:
  int fd_ = -1;
};

class Stream {
 public:
  enum class Io : std::uint8_t { kDone, kWouldBlock, kEnd, kBroken };
  struct IoResult {
    Io io = Io::kDone;
    std::size_t bytes = 0;
  };

  Stream(async::Loop& loop, Socket socket, SslHandle ssl = nullptr);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool ok() const { return watch_.ok(); }
  bool tls() const { return ssl_ != nullptr; }
  const SSL* ssl() const { return ssl_.get(); }  // null: plain
  int fd() const { return socket_.fd(); }
  async::Watch& watch() { return watch_; }
  async::Loop& loop() const { return watch_.loop(); }

  // The TLS handshake; at once for a plain stream.
  async::Task<core::Status> Handshake(async::Deadline deadline);

  // What the socket has now, up to `room`.
  IoResult TryRead(std::span<char> room);
  // TryRead, once the kernel has said that there is something: a read that finds nothing costs as
  // much as one that does.
  IoResult ReadNow(std::span<char> room) {
    return watch_.readable() ? TryRead(room) : IoResult{Io::kWouldBlock, 0};
  }
  // ReadNow and waiting together.
  async::Task<core::Result<std::size_t>> Read(std::span<char> room, async::Deadline deadline);

  // Writes as much as fits now; `pieces` is advanced past what was written.
  IoResult TryWrite(std::span<iovec>& pieces);
  // Writes all by the deadline, and never stands still for longer than `stall`. With `listen` it
  // also ends, with pieces left, when there may be something to read.
  async::Task<core::Status> WriteRest(std::span<iovec>& pieces, std::chrono::nanoseconds stall,
                                      async::Deadline until, bool listen = false);

  // Sends a TCP reset when the stream is closed.
  void ResetOnClose();
  void ShutdownWrite();

 private:
  IoResult TlsRead(std::span<char> room);
  IoResult TlsWrite(std::span<iovec>& pieces);
  IoResult TlsOutcome(int result);

  Socket socket_;
  SslHandle ssl_;
  async::Watch watch_;
  bool tls_wants_write_ = false;  // the last TLS operation waits for room to write
  bool tls_wants_read_ = false;
};

core::Error BrokenError(const char* what);

}  // namespace signalbox::net
