// Outgoing HTTP/1.1: connections to one origin, kept and used again.
//
// Owner:   a Client belongs to one worker and one origin; a ClientConnection is lent to one attempt
//          at a time.
// Threads: the loop's.
// Errors:  kConnectFailed (name, connect, TLS), kDeadlineExceeded, kCancelled.
// Cancel:  a connection that is not given back is closed.
//
// The connection used last is used next, so that the others grow old and close. A kept connection
// that the server closes is dropped at once; a request that crosses with that close is the
// caller's to repeat (docs/http.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "io/net/buffer.h"
#include "io/net/http_head.h"
#include "io/net/resolver.h"
#include "io/net/stream.h"
#include "io/net/tls.h"

namespace signalbox::net {

struct ClientOptions {
  std::chrono::nanoseconds connect{std::chrono::seconds(5)};  // name, connect and handshake
  std::chrono::nanoseconds keep{std::chrono::seconds(50)};    // an unused connection is kept
  std::chrono::nanoseconds write{std::chrono::seconds(30)};   // an upstream that takes nothing
  std::uint32_t kept = 512;                                   // unused connections at most
  bool public_only = false;  // connect to nothing but addresses of the public internet
};

// Where a client connects to.
struct Origin {
  bool tls = false;
  std::string host;  // name or address, without brackets
  std::uint16_t port = 0;

  // For the Host field: brackets for IPv6, the port only where it is not the scheme's own.
  std::string HostField() const;
};

class Client;

// One connection to the origin.
class ClientConnection final : private async::Watch::HangupListener, private async::Timer {
 public:
  ClientConnection(Client& client, Socket socket, SslHandle ssl);
  ~ClientConnection() override;

  Stream& stream() { return stream_; }
  Buffer& input() { return input_; }
  bool reused() const { return uses_ > 1; }
  bool NothingCame();

 private:
  friend class Client;
  void OnHangup(bool broken) override;
  void Fire() override;
  void Keep();    // starts the time for which it is kept
  void Resume();  // ends it

  Client& client_;
  Stream stream_;
  Buffer input_;
  std::uint32_t uses_ = 0;
  bool kept_ = false;
};

class Client {
 public:
  Client(async::Loop& loop, Resolver& resolver, const TlsContext* tls, Origin origin,
         ClientOptions options);
  ~Client();

  const Origin& origin() const { return origin_; }
  const ClientOptions& options() const { return options_; }
  async::Loop& loop() { return loop_; }

  // A kept connection, or nullptr. Does not wait.
  std::unique_ptr<ClientConnection> TakeKept();
  // A new connection.
  async::Task<core::Result<std::unique_ptr<ClientConnection>>> Connect(async::Deadline deadline);
  // Takes a connection back whose last answer was read to its end.
  void GiveBack(std::unique_ptr<ClientConnection> connection);

  std::size_t kept() const { return kept_.size(); }

 private:
  friend class ClientConnection;
  async::Task<core::Result<Socket>> ConnectTo(const IpAddress& address, async::Deadline deadline);
  void Drop(ClientConnection* connection);

  async::Loop& loop_;
  Resolver& resolver_;
  const TlsContext* tls_;
  Origin origin_;
  ClientOptions options_;
  std::vector<std::unique_ptr<ClientConnection>> kept_;
};

}  // namespace signalbox::net
