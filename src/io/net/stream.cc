#include "io/net/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace signalbox::net {
namespace {

using async::Deadline;
using async::Wake;

// recv and sendmsg without the C library's cancellation points, which cost two atomic operations a
// call in a program with threads. Nobody here cancels threads, and the sockets never block.
ssize_t ReceiveNow(int fd, std::span<char> room) {
  return syscall(SYS_recvfrom, fd, room.data(), room.size(), 0, nullptr, nullptr);
}

// Up to here, putting the pieces together costs less than the kernel's walk over a gathered write.
constexpr std::size_t kCopiedBytes = 4 * 1024;

// The pieces one after the other; 0 when they do not fit.
std::size_t Join(std::span<const iovec> pieces, std::span<char> out) {
  std::size_t size = 0;
  for (const iovec& piece : pieces) {
    if (piece.iov_len > out.size() - size) {
      return 0;
    }
    std::memcpy(out.data() + size, piece.iov_base, piece.iov_len);
    size += piece.iov_len;
  }
  return size;
}

ssize_t SendNow(int fd, std::span<iovec> pieces) {
  if (pieces.size() == 1) {
    return syscall(SYS_sendto, fd, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL, nullptr, 0);
  }
  std::array<char, kCopiedBytes> joined;
  if (const std::size_t size = Join(pieces, joined); size != 0) {
    return syscall(SYS_sendto, fd, joined.data(), size, MSG_NOSIGNAL, nullptr, 0);
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
  return syscall(SYS_sendmsg, fd, &message, MSG_NOSIGNAL);
}

// Takes `count` written bytes off the front of `pieces`.
void Advance(std::span<iovec>& pieces, std::size_t count) {
  while (!pieces.empty() && count >= pieces.front().iov_len) {
    count -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (count != 0) {
    iovec& front = pieces.front();
    front.iov_base = static_cast<char*>(front.iov_base) + count;
    front.iov_len -= count;
  }
}

}  // namespace

core::Error BrokenError(const char* what) {
  return {core::ErrorCode::kUpstreamFailed, what, {}, {}};
}

void Socket::Close() {
  if (fd_ >= 0) {
    close(std::exchange(fd_, -1));
  }
}

Stream::Stream(async::Loop& loop, Socket socket, SslHandle ssl)
    : socket_(std::move(socket)), ssl_(std::move(ssl)), watch_(loop, socket_.fd()) {}

Stream::IoResult Stream::TryRead(std::span<char> room) {
  if (ssl_) {
    return TlsRead(room);
  }
  while (true) {
    const ssize_t got = ReceiveNow(socket_.fd(), room);
    if (got > 0) {
      const auto bytes = static_cast<std::size_t>(got);
      if (bytes < room.size()) {
        watch_.ClearReadable();
      }
      return {Io::kDone, bytes};
    }
    if (got == 0) {
      return {Io::kEnd, 0};
    }
    if (errno == EAGAIN) {
      watch_.ClearReadable();
      return {Io::kWouldBlock, 0};
    }
    if (errno != EINTR) {
      return {Io::kBroken, 0};
    }
  }
}

Stream::IoResult Stream::TryWrite(std::span<iovec>& pieces) {
  if (ssl_) {
    return TlsWrite(pieces);
  }
  std::size_t written = 0;
  while (!pieces.empty()) {
    const ssize_t sent = SendNow(socket_.fd(), pieces);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EAGAIN) {
        watch_.ClearWritable();
        return {Io::kWouldBlock, written};
      }
      return {Io::kBroken, written};
    }
    written += static_cast<std::size_t>(sent);
    Advance(pieces, static_cast<std::size_t>(sent));
  }
  return {Io::kDone, written};
}

Stream::IoResult Stream::TlsOutcome(int result) {
  tls_wants_read_ = tls_wants_write_ = false;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      tls_wants_read_ = true;
      watch_.ClearReadable();
      return {Io::kWouldBlock, 0};
    case SSL_ERROR_WANT_WRITE:
      tls_wants_write_ = true;
      watch_.ClearWritable();
      return {Io::kWouldBlock, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::kEnd, 0};
    default:
      return {Io::kBroken, 0};
  }
}

Stream::IoResult Stream::TlsRead(std::span<char> room) {
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_.get(), room.data(), room.size(), &got);
  if (result == 1) {
    return {Io::kDone, got};
  }
  // A read that must write first (the peer asks for new keys while it takes nothing) is not waited
  // for: nobody needs it, and the wait would be for the wrong direction.
  const IoResult outcome = TlsOutcome(result);
  return tls_wants_write_ ? IoResult{Io::kBroken, 0} : outcome;
}

Stream::IoResult Stream::TlsWrite(std::span<iovec>& pieces) {
  // One record holds up to 16 KiB; small pieces are put together so that each costs no record.
  std::array<char, 16 * 1024> record;
  std::size_t written = 0;
  while (!pieces.empty()) {
    std::size_t filled = 0;
    for (const iovec& piece : pieces) {
      const std::size_t part = std::min(piece.iov_len, record.size() - filled);
      std::memcpy(record.data() + filled, piece.iov_base, part);
      filled += part;
      if (filled == record.size()) {
        break;
      }
    }
    if (filled == 0) {
      pieces = {};
      break;
    }
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_.get(), record.data(), filled, &sent);
    if (result != 1) {
      IoResult outcome = TlsOutcome(result);
      outcome.bytes = written;
      return outcome.io == Io::kEnd ? IoResult{Io::kBroken, written} : outcome;
    }
    written += sent;
    Advance(pieces, sent);
  }
  return {Io::kDone, written};
}

async::Task<core::Status> Stream::Handshake(Deadline deadline) {
  while (ssl_) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      break;
    }
    const IoResult outcome = TlsOutcome(result);
    if (outcome.io != Io::kWouldBlock) {
      const auto code =
          GotPlainHttp() ? core::ErrorCode::kInvalidRequest : core::ErrorCode::kConnectFailed;
      co_return core::Fail(code, "tls: " + TlsErrorText(ssl_.get()));
    }
    Wake wake = Wake::kReady;
    if (tls_wants_write_) {
      wake = co_await watch_.Writable(deadline);
    } else {
      wake = co_await watch_.Readable(deadline);
    }
    if (wake != Wake::kReady) {
      co_return std::unexpected(async::ToError(wake));
    }
  }
  co_return core::Status{};
}

async::Task<core::Result<std::size_t>> Stream::Read(std::span<char> room, Deadline deadline) {
  while (true) {
    const IoResult read = ReadNow(room);
    if (read.io == Io::kBroken) {
      co_return std::unexpected(BrokenError("the peer broke the connection"));
    }
    if (read.io != Io::kWouldBlock) {
      co_return read.bytes;
    }
    const Wake wake = co_await watch_.Readable(deadline);
    if (wake != Wake::kReady) {
      co_return std::unexpected(async::ToError(wake));
    }
  }
}

async::Task<core::Status> Stream::WriteRest(std::span<iovec>& pieces,
                                            std::chrono::nanoseconds stall, Deadline until,
                                            bool listen) {
  while (true) {
    const IoResult written = TryWrite(pieces);
    if (written.io == Io::kDone) {
      co_return core::Status{};
    }
    if (written.io != Io::kWouldBlock) {
      co_return std::unexpected(BrokenError("the peer broke the connection"));
    }
    if (listen && watch_.readable()) {
      co_return core::Status{};
    }
    const Deadline deadline = until.Earlier(loop().now() + stall);
    Wake wake = Wake::kReady;
    if (tls_wants_read_) {
      wake = co_await watch_.Readable(deadline);
    } else if (listen) {
      wake = co_await watch_.Either(deadline);
    } else {
      wake = co_await watch_.Writable(deadline);
    }
    // The kernel says "writable" only when a third of its buffer is free; a slow peer that has
    // taken less than that in all this time has not stood still.
    if (wake == Wake::kDeadline && loop().now() < until.at) {
      const IoResult more = TryWrite(pieces);
      if (more.io == Io::kDone) {
        co_return core::Status{};
      }
      if (more.io == Io::kWouldBlock && more.bytes != 0) {
        continue;
      }
    }
    if (wake != Wake::kReady) {
      co_return std::unexpected(async::ToError(wake));
    }
  }
}

void Stream::ResetOnClose() {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

void Stream::ShutdownWrite() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  shutdown(socket_.fd(), SHUT_WR);
}

}  // namespace signalbox::net
