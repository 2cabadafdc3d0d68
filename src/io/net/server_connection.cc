#include "io/net/server_connection.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <new>

namespace signalbox::net {
namespace {

using async::Deadline;
using async::Wake;

// How long, and how much, a connection that closes early reads on, so that the reset caused by
// unread bytes does not overtake the answer (RFC 9112 section 9.6).
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kLingerBytes = 1024 * 1024;
// A client that pipelines gets so many answers before the other connections get their turn.
constexpr std::uint32_t kRequestsPerTurn = 16;

}  // namespace

ServerConnection::ServerConnection(Server& server, Socket socket) : server_(server) {
  SslHandle ssl;
  if (server.tls() != nullptr) {
    auto session = server.tls()->NewServerSession(socket.fd());
    if (!session) {
      return;
    }
    ssl = *std::move(session);
  }
  stream_ = std::make_unique<Stream>(server.loop(), std::move(socket), std::move(ssl));
  stream_->watch().set_hangup_listener(this);
  server_.Link(*this);
}

ServerConnection::~ServerConnection() {
  if (stream_ != nullptr) {
    server_.Unlink(*this);
  }
}

void ServerConnection::LinkBefore(ServerConnection* next) {
  next_ = next;
  if (next != nullptr) {
    next->previous_ = this;
  }
}

void ServerConnection::UnlinkSelf() {
  if (next_ != nullptr) {
    next_->previous_ = previous_;
  }
  if (previous_ != nullptr) {
    previous_->next_ = next_;
  }
}

void ServerConnection::CloseIfIdle() {
  // A request that the kernel has already is still answered; closing on it would reset the client.
  int waiting = 0;
  if (idle_ && (ioctl(stream_->fd(), FIONREAD, &waiting) != 0 || waiting == 0)) {
    cancellation_.Cancel();
  }
}

void ServerConnection::OnHangup(bool broken) {
  if (broken) {
    cancellation_.Cancel();
  } else if (exchange_ != nullptr) {
    exchange_->ProbeClient();
  }
}

async::Task<void> ServerConnection::Serve() {
  if (server_.tls() != nullptr) {
    const Deadline deadline{server_.loop().now() + server_.options().timeouts.header,
                            &cancellation_};
    const core::Status shaken = co_await stream_->Handshake(deadline);
    if (!shaken) {
      if (shaken.error().code == core::ErrorCode::kInvalidRequest) {
        AnswerPlainHttp();
      }
      co_return;
    }
  }
  async::Turns turns;
  while (true) {
    if (turns.Enough(server_.loop(), kRequestsPerTurn)) {
      co_await server_.loop().Yield();
    }
    // An idle connection holds no block, and one that has been told to end is not kept.
    if (!HasInput()) {
      input_.Release();
      if (server_.draining() && !server_.lingering()) {
        break;
      }
      idle_ = true;
      const Wake wake = co_await stream_->watch().Readable(
          {server_.loop().now() + server_.options().timeouts.idle, &cancellation_});
      idle_ = false;
      if (wake != Wake::kReady) {
        break;
      }
    }
    auto state = server_.states_.Take();
    const bool keep = co_await ServeRequest(*state);
    server_.states_.Give(std::move(state));
    if (!keep) {
      break;
    }
  }
}

// A client that speaks plain HTTP here is told so, in plain HTTP. It gets what the kernel takes at
// once; what it has sent is read away, so that the close behind the answer is no reset.
void ServerConnection::AnswerPlainHttp() {
  const std::string body = server_.handler().Refuse(
      400, "plain HTTP came to a port that speaks TLS; write https:// instead of http://");
  const std::string answer =
      "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
      "content-length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  std::array<char, 4096> away;
  for (int i = 0; i < 16 && recv(stream_->fd(), away.data(), away.size(), MSG_DONTWAIT) > 0; ++i) {
  }
  if (send(stream_->fd(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    shutdown(stream_->fd(), SHUT_WR);
  }
}

// Whether bytes of a request are there, or its end: "readable" alone may mean that nobody has
// looked.
bool ServerConnection::HasInput() {
  if (!input_.empty()) {
    return true;
  }
  if (!stream_->watch().readable()) {
    return false;
  }
  input_.Reserve(kSmallBlock);
  const Stream::IoResult read = stream_->ReadNow(input_.room());
  input_.Commit(read.bytes);
  return read.io != Stream::Io::kWouldBlock;
}

// The head, as far as it can be had without waiting: nearly always whole.
HeadResult ServerConnection::ReadHeadNow(RequestHead& head) {
  scanned_ = 0;
  return HasInput() && !input_.empty()
             ? ParseRequestHead(input_.bytes(), server_.head_limits(), scanned_, head)
             : HeadResult{};
}

async::Task<HeadResult> ServerConnection::ReadHead(RequestHead& head) {
  const Deadline deadline{server_.loop().now() + server_.options().timeouts.header, &cancellation_};
  while (true) {
    if (input_.room().empty()) {
      input_.Reserve(kSmallBlock);
    }
    const auto got = co_await stream_->Read(input_.room(), deadline);
    if (!got && got.error().code == core::ErrorCode::kDeadlineExceeded && !input_.empty()) {
      co_return HeadResult{HeadState::kRejected, 0, {408, "the request's head took too long"}};
    }
    if (!got || *got == 0) {
      co_return HeadResult{};  // gone; nobody to answer
    }
    input_.Commit(*got);
    const HeadResult result =
        ParseRequestHead(input_.bytes(), server_.head_limits(), scanned_, head);
    if (result.state != HeadState::kIncomplete) {
      co_return result;
    }
  }
}

async::Task<bool> ServerConnection::ServeRequest(RequestState& state) {
  HeadResult read = ReadHeadNow(state.head);
  if (read.state == HeadState::kIncomplete) {
    read = co_await ReadHead(state.head);
  }
  if (read.state == HeadState::kIncomplete) {
    co_return false;
  }
  if (read.state == HeadState::kRejected) {
    co_await Refuse(state, read.rejection.status, read.rejection.reason);
    co_return false;
  }
  input_.Consume(read.consumed);
  ServerExchange exchange(server_, *stream_, input_, state, cancellation_);
  exchange_ = &exchange;
  if (stream_->watch().hung_up()) {
    exchange.ProbeClient();
  }
  bool memory = true;
  try {
    co_await server_.handler().Handle(exchange);
  } catch (const std::bad_alloc&) {
    memory = false;  // this request fails, and no other
  }
  if (!exchange.answered() && !exchange.aborted() && !cancellation_.cancelled()) {
    const int status = memory ? 500 : 503;
    const std::string body = server_.handler().Refuse(
        status, memory ? "the request was not answered"
                       : "there is not enough memory for this request; send it again later");
    const std::string_view piece = body;
    exchange.fields().Clear();
    exchange.fields().Add("content-type", "application/json");
    co_await exchange.Respond(status, {&piece, 1});
  }
  exchange_ = nullptr;
  exchange.Finish();
  if (exchange.keep_alive() && !cancellation_.cancelled()) {
    co_return true;
  }
  if (exchange.answered() && !exchange.failed() && !exchange.aborted()) {
    co_await Linger();
  }
  co_return false;
}

async::Task<void> ServerConnection::Refuse(RequestState& state, int status,
                                           std::string_view reason) {
  // What could be read of the head is not to be trusted, not even its method.
  state.head.method = Method::kGet;
  state.head.minor_version = 1;
  state.head.keep_alive = false;
  state.head.body = BodyKind::kNone;
  state.head.fields.Clear();
  ServerExchange exchange(server_, *stream_, input_, state, cancellation_);
  exchange.fields().Add("content-type", "application/json");
  const std::string body = server_.handler().Refuse(status, reason);
  const std::string_view piece = body;
  const core::Status sent = co_await exchange.Respond(status, {&piece, 1});
  if (sent) {
    co_await Linger();
  }
}

async::Task<void> ServerConnection::Linger() {
  stream_->ShutdownWrite();
  input_.Clear();
  input_.Reserve(kSmallBlock);
  const Deadline deadline{server_.loop().now() + kLingerTime, &cancellation_};
  std::size_t skipped = 0;
  while (skipped < kLingerBytes) {
    const auto got = co_await stream_->Read(input_.room(), deadline);
    if (!got || *got == 0) {
      break;
    }
    skipped += *got;
  }
}

}  // namespace signalbox::net
