#include "io/net/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <new>

#include "base/telemetry/log.h"
#include "io/net/server_connection.h"

namespace signalbox::net {
namespace {

using async::Deadline;

constexpr std::chrono::milliseconds kAcceptPause{50};  // after running out of descriptors

}  // namespace

// A listening socket with its place in the loop.
struct Server::AcceptPoint {
  AcceptPoint(async::Loop& loop, Socket listening)
      : socket(std::move(listening)), watch(loop, socket.fd()) {}
  Socket socket;
  async::Watch watch;
};

Server::Server(async::Loop& loop, const ServerOptions& options,
               std::shared_ptr<const TlsContext> tls, Handler& handler)
    : loop_(loop), handler_(handler), accepting_(loop), serving_(loop) {
  Adopt(options, std::move(tls));
  // What a request throws (no memory) ends its connection and nothing else.
  serving_.set_on_exception([](std::exception_ptr) {
    telemetry::Log(telemetry::Level::kError, "a connection ended by an exception");
  });
}

Server::~Server() = default;

void Server::Adopt(const ServerOptions& options, std::shared_ptr<const TlsContext> tls) {
  options_ = options;
  head_limits_ = {static_cast<std::uint32_t>(options.limits.target_bytes.bytes),
                  static_cast<std::uint32_t>(options.limits.header_bytes.bytes),
                  options.limits.header_fields};
  tls_ = std::move(tls);
}

void Server::Start(Socket listener) {
  points_.push_back(std::make_unique<AcceptPoint>(loop_, std::move(listener)));
  accepting_.Spawn(Accept(points_.back().get()));
}

async::Task<void> Server::Accept(AcceptPoint* point) {
  Deadline deadline{core::kNever, &accepting_.cancellation()};
  while (!accepting_.closed()) {
    Socket accepted(accept4(point->socket.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.fd() >= 0) {
      if (count_ < options_.limits.connections) {
        SpawnServe(std::move(accepted));
      }
      continue;
    }
    if (errno == EAGAIN) {
      point->watch.ClearReadable();
      co_await point->watch.Readable(deadline);
    } else if (errno != EINTR && errno != ECONNABORTED) {
      // Out of descriptors or memory: leave the queue to itself for a moment instead of spinning.
      co_await loop_.SleepUntil(deadline.Earlier(loop_.now() + kAcceptPause));
    }
  }
}

// Without the memory for a connection it is closed; the others go on.
void Server::SpawnServe(Socket socket) {
  try {
    serving_.Spawn(Serve(this, std::move(socket)));
  } catch (const std::bad_alloc&) {
    telemetry::Log(telemetry::Level::kError, "no memory for a connection; it is closed");
  }
}

async::Task<void> Server::Serve(Server* server, Socket socket) {
  ServerConnection connection(*server, std::move(socket));
  if (connection.ok()) {
    co_await connection.Serve();
  }
}

async::Task<bool> Server::Drain(core::MonoTime until, core::MonoTime linger) {
  draining_ = true;
  linger_until_ = std::min(until, linger);
  accepting_.Close();
  co_await accepting_.Drained({});
  points_.clear();
  co_await serving_.Drained({linger_until_, nullptr});
  for (ServerConnection* connection = connections_; connection != nullptr;) {
    ServerConnection* next = connection->next();
    connection->CloseIfIdle();
    connection = next;
  }
  co_return co_await serving_.Drained({until, nullptr});
}

async::Task<void> Server::CancelAll() {
  for (ServerConnection* connection = connections_; connection != nullptr;) {
    ServerConnection* next = connection->next();
    connection->Cancel();
    connection = next;
  }
  co_await serving_.Drained({});
}

void Server::Link(ServerConnection& connection) {
  connection.LinkBefore(connections_);
  connections_ = &connection;
  ++count_;
}

void Server::Unlink(ServerConnection& connection) {
  if (connections_ == &connection) {
    connections_ = connection.next();
  }
  connection.UnlinkSelf();
  --count_;
}

std::string_view Server::HttpDate() {
  const auto second =
      std::chrono::floor<std::chrono::seconds>(loop_.wall_now().time_since_epoch()).count();
  if (second != date_second_) {
    date_second_ = second;
    const std::time_t whole = second;
    std::tm parts{};
    gmtime_r(&whole, &parts);
    char text[32];
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return date_;
}

}  // namespace signalbox::net
