#include "io/net/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr int kBacklog = 4096;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

core::Result<SocketAddress> Numeric(const config::HostPort& address) {
  SocketAddress out;
  const std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    out.size = sizeof *v4;
    return out;
  }
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    out.size = sizeof *v6;
    return out;
  }
  return Fail(ErrorCode::kInvalidRequest,
              "cannot listen on '" + address.host + "': give an IP address or localhost");
}

void SetFlag(const Socket& socket, int level, int option) {
  const int on = 1;
  setsockopt(socket.fd(), level, option, &on, sizeof on);
}

void SetPort(SocketAddress& where, std::uint16_t port) {
  if (where.storage.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(&where.storage)->sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in*>(&where.storage)->sin_port = htons(port);
  }
}

core::Result<Socket> Bound(const SocketAddress& where, const config::HostPort& address,
                           bool shared) {
  Socket socket(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) {
    return Fail(ErrorCode::kInternal, "socket: " + core::ErrnoMessage(errno));
  }
  SetFlag(socket, SOL_SOCKET, SO_REUSEADDR);
  if (shared) {
    SetFlag(socket, SOL_SOCKET, SO_REUSEPORT);
  }
  SetFlag(socket, IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  if (bind(socket.fd(), reinterpret_cast<const sockaddr*>(&where.storage), where.size) != 0) {
    return Fail(ErrorCode::kUnavailable,
                "cannot listen on " + address.Text() + ": " + core::ErrnoMessage(errno));
  }
  return socket;
}

}  // namespace

bool IsLoopback(std::string_view host) {
  if (host == "127.0.0.1" || EqualsIgnoreCase(host, "localhost") || host == "::1") {
    return true;
  }
  in_addr v4{};
  const std::string text(host);
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24U) == 127;
  }
  return false;
}

core::Result<std::vector<Socket>> Listen(const config::HostPort& address, std::uint32_t count) {
  SB_TRY(auto where, Numeric(address));
  // Sharing a port would also mean sharing it with a stranger: the first bind does not share.
  if (address.port != 0) {
    SB_CHECK_OK(Bound(where, address, false));
  }
  std::vector<Socket> sockets;
  for (std::uint32_t i = 0; i < count; ++i) {
    SB_TRY(auto socket, Bound(where, address, true));
    if (listen(socket.fd(), kBacklog) != 0) {
      return Fail(ErrorCode::kUnavailable, "listen: " + core::ErrnoMessage(errno));
    }
    SetPort(where, LocalPort(socket));
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

std::uint16_t LocalPort(const Socket& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&storage), &size);
  return storage.ss_family == AF_INET6
             ? ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port)
             : ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

}  // namespace signalbox::net
