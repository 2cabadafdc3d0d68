#include "io/net/client.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "io/net/public_address.h"

namespace signalbox::net {
namespace {

using async::Deadline;
using async::Wake;
using core::ErrorCode;
using core::Fail;

socklen_t Fill(const IpAddress& address, std::uint16_t port, sockaddr_storage& out) {
  if (address.v6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&out);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    std::memcpy(&v6->sin6_addr, address.bytes, 16);
    return sizeof *v6;
  }
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out);
  v4->sin_family = AF_INET;
  v4->sin_port = htons(port);
  std::memcpy(&v4->sin_addr, address.bytes, 4);
  return sizeof *v4;
}

}  // namespace

std::string Origin::HostField() const {
  std::string field = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) {
    field += ":" + std::to_string(port);
  }
  return field;
}

ClientConnection::ClientConnection(Client& client, Socket socket, SslHandle ssl)
    : client_(client), stream_(client.loop(), std::move(socket), std::move(ssl)) {
  stream_.watch().set_hangup_listener(this);
}

ClientConnection::~ClientConnection() = default;

void ClientConnection::OnHangup(bool) {
  if (kept_) {
    client_.Drop(this);
  }
}

void ClientConnection::Fire() {
  client_.Drop(this);
}

void ClientConnection::Keep() {
  kept_ = true;
  input_.Release();
  client_.loop().Arm(*this, client_.loop().now() + client_.options().keep);
}

void ClientConnection::Resume() {
  kept_ = false;
  ++uses_;
  Disarm();
}

// False after an end or bytes that nobody asked for: not fit for another request. Under TLS
// "readable" may only mean that nobody has looked yet.
bool ClientConnection::NothingCame() {
  char byte = 0;
  return stream_.ReadNow({&byte, 1}).io == Stream::Io::kWouldBlock;
}

Client::Client(async::Loop& loop, Resolver& resolver, const TlsContext* tls, Origin origin,
               ClientOptions options)
    : loop_(loop), resolver_(resolver), tls_(tls), origin_(std::move(origin)), options_(options) {}

Client::~Client() = default;

std::unique_ptr<ClientConnection> Client::TakeKept() {
  while (!kept_.empty()) {
    auto connection = std::move(kept_.back());
    kept_.pop_back();
    connection->Resume();
    if (connection->NothingCame()) {
      return connection;
    }
  }
  return nullptr;
}

void Client::GiveBack(std::unique_ptr<ClientConnection> connection) {
  if (!connection->NothingCame() || !connection->input().empty() ||
      connection->stream().watch().hung_up() || kept_.size() >= options_.kept) {
    return;
  }
  connection->Keep();
  kept_.push_back(std::move(connection));
}

void Client::Drop(ClientConnection* connection) {
  std::erase_if(kept_, [connection](const auto& kept) { return kept.get() == connection; });
}

async::Task<core::Result<Socket>> Client::ConnectTo(const IpAddress& address, Deadline deadline) {
  Socket socket(
      ::socket(address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) {
    co_return Fail(ErrorCode::kConnectFailed, "socket: " + core::ErrnoMessage(errno));
  }
  const int on = 1;
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage peer{};
  const socklen_t size = Fill(address, origin_.port, peer);
  if (connect(socket.fd(), reinterpret_cast<const sockaddr*>(&peer), size) == 0) {
    co_return socket;
  }
  if (errno != EINPROGRESS) {
    co_return Fail(ErrorCode::kConnectFailed, core::ErrnoMessage(errno));
  }
  async::Watch watch(loop_, socket.fd());
  if (!watch.ok()) {
    co_return Fail(ErrorCode::kConnectFailed, "the system watches no more sockets");
  }
  const Wake wake = co_await watch.Writable(deadline);
  if (wake != Wake::kReady) {
    co_return std::unexpected(async::ToError(wake));
  }
  int error = 0;
  socklen_t error_size = sizeof error;
  getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &error_size);
  if (error != 0) {
    co_return Fail(ErrorCode::kConnectFailed, core::ErrnoMessage(error));
  }
  co_return socket;
}

async::Task<core::Result<std::unique_ptr<ClientConnection>>> Client::Connect(Deadline caller) {
  const Deadline deadline = caller.Earlier(loop_.now() + options_.connect);
  auto resolved = co_await resolver_.Resolve(origin_.host, deadline);
  if (!resolved) {
    if (resolved.error().code == ErrorCode::kDeadlineExceeded && loop_.now() < caller.at) {
      resolved.error().code = ErrorCode::kConnectFailed;  // our own limit, not the caller's
    }
    co_return std::unexpected(std::move(resolved).error().At("look up " + origin_.host));
  }
  const std::vector<IpAddress>& addresses = *resolved;
  core::Result<Socket> socket = Fail(ErrorCode::kConnectFailed, "the name has no address");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (options_.public_only && !IsPublic(addresses[i])) {
      socket = Fail(ErrorCode::kForbidden, "its address is not on the public internet");
      continue;
    }
    // Each gets its share of the time that is left, so that a silent one does not take it all.
    const auto share =
        (deadline.at - loop_.now()) / static_cast<std::int64_t>(addresses.size() - i);
    socket = co_await ConnectTo(addresses[i], deadline.Earlier(loop_.now() + share));
    if (socket || socket.error().code == ErrorCode::kCancelled || loop_.now() >= deadline.at) {
      break;
    }
  }
  const std::string where = fmt::format("connect to {}:{}", origin_.host, origin_.port);
  if (!socket) {
    core::Error error = std::move(socket).error().At(where);
    if (error.code == ErrorCode::kDeadlineExceeded && loop_.now() < caller.at) {
      error.code = ErrorCode::kConnectFailed;  // our own limit, not the caller's
    }
    co_return std::unexpected(std::move(error));
  }
  SslHandle ssl;
  if (origin_.tls) {
    SB_CO_TRY(ssl, tls_->NewClientSession(socket->fd(), origin_.host));
  }
  auto connection = std::make_unique<ClientConnection>(*this, *std::move(socket), std::move(ssl));
  const core::Status shaken = co_await connection->stream().Handshake(deadline);
  if (!shaken) {
    core::Error error = core::Error(shaken.error()).At(where);
    if (error.code == ErrorCode::kDeadlineExceeded && loop_.now() < caller.at) {
      error.code = ErrorCode::kConnectFailed;
    }
    co_return std::unexpected(std::move(error));
  }
  connection->Resume();
  co_return connection;
}

}  // namespace signalbox::net
