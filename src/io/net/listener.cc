#include "io/net/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
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

// What to do about a bind that failed.
std::string BindAdvice(int error) {
  switch (error) {
    case EADDRINUSE:
      return "; stop the program that has it (ss -ltnp names it), or choose another port";
    case EADDRNOTAVAIL:
      return "; no interface of this machine has it (ip address lists them)";
    case EACCES:
      return "; ports below 1024 want a privilege, so choose a higher one";
    default:
      return "";
  }
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

// As the kernel writes it: "::1", however it was configured.
config::HostPort TextOf(const SocketAddress& address) {
  const bool v6 = address.storage.ss_family == AF_INET6;
  const auto* six = reinterpret_cast<const sockaddr_in6*>(&address.storage);
  const auto* four = reinterpret_cast<const sockaddr_in*>(&address.storage);
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(address.storage.ss_family,
            v6 ? static_cast<const void*>(&six->sin6_addr) : &four->sin_addr, text, sizeof text);
  return {text, ntohs(v6 ? six->sin6_port : four->sin_port)};
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
    return Fail(ErrorCode::kUnavailable, "cannot listen on " + address.Text() + ": " +
                                             core::ErrnoMessage(errno) + BindAdvice(errno));
  }
  return socket;
}

// Takes those that are bound to `wanted` out of `inherited`. Port 0 is whichever the first of them
// has: a process that took a free port hands that one on.
std::vector<Socket> TakeBound(config::HostPort wanted, std::vector<Socket>& inherited) {
  std::vector<Socket> taken;
  for (Socket& socket : inherited) {
    const config::HostPort bound = LocalAddress(socket);
    if (bound.host == wanted.host && (bound.port == wanted.port || wanted.port == 0)) {
      wanted.port = bound.port;
      taken.push_back(std::move(socket));
    }
  }
  std::erase_if(inherited, [](const Socket& socket) { return socket.fd() < 0; });
  return taken;
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
  std::vector<Socket> none;
  return Listen(address, count, none);
}

core::Result<std::vector<Socket>> Listen(const config::HostPort& address, std::uint32_t count,
                                         std::vector<Socket>& inherited) {
  SB_TRY(auto where, Numeric(address));
  std::vector<Socket> sockets = TakeBound(TextOf(where), inherited);
  // Sharing a port would also mean sharing it with a stranger: the first bind does not share.
  if (address.port != 0 && sockets.empty()) {
    SB_CHECK_OK(Bound(where, address, false));
  }
  if (!sockets.empty()) {
    SetPort(where, LocalPort(sockets.front()));
  }
  while (sockets.size() < count) {
    SB_TRY(auto socket, Bound(where, address, true));
    if (listen(socket.fd(), kBacklog) != 0) {
      return Fail(ErrorCode::kUnavailable, "listen: " + core::ErrnoMessage(errno));
    }
    SetPort(where, LocalPort(socket));
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

config::HostPort LocalAddress(const Socket& socket) {
  SocketAddress bound;
  bound.size = sizeof bound.storage;
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&bound.storage), &bound.size);
  return TextOf(bound);
}

std::uint16_t LocalPort(const Socket& socket) {
  return LocalAddress(socket).port;
}

core::Result<Socket> Duplicate(const Socket& socket) {
  const int copy = fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) {
    return Fail(ErrorCode::kUnavailable, "another descriptor: " + core::ErrnoMessage(errno));
  }
  return Socket(copy);
}

}  // namespace signalbox::net
