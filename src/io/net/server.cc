#include "io/net/server.h"

#include <sys/socket.h>

#include <cerrno>
#include <ctime>

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

Server::Server(async::Loop& loop, const ServerOptions& options, const TlsContext* tls,
               Handler& handler)
    : loop_(loop),
      options_(options),
      head_limits_{static_cast<std::uint32_t>(options.limits.target_bytes.bytes),
                   static_cast<std::uint32_t>(options.limits.header_bytes.bytes),
                   options.limits.header_fields},
      tls_(tls),
      handler_(handler),
      accepting_(loop),
      serving_(loop) {
  // What a request throws (no memory) ends its connection and nothing else.
  serving_.set_on_exception([](std::exception_ptr) {
    telemetry::Log(telemetry::Level::kError, "a connection ended by an exception");
  });
}

Server::~Server() = default;

void Server::Start(Socket listener) {
  points_.push_back(std::make_unique<AcceptPoint>(loop_, std::move(listener)));
  accepting_.Spawn(Accept(points_.back().get()));
}

async::Task<void> Server::Accept(AcceptPoint* point) {
  Deadline deadline{core::kNever, &accepting_.cancellation()};
  while (!accepting_.closed()) {
    const int fd = accept4(point->socket.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      if (count_ < options_.limits.connections) {
        serving_.Spawn(Serve(this, Socket(fd)));
      } else {
        Socket refused(fd);
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

async::Task<void> Server::Serve(Server* server, Socket socket) {
  ServerConnection connection(*server, std::move(socket));
  if (connection.ok()) {
    co_await connection.Serve();
  }
}

async::Task<bool> Server::Drain(core::MonoTime until) {
  draining_ = true;
  accepting_.Close();
  co_await accepting_.Drained({});
  points_.clear();
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
