// The HTTP/1.1 server of one worker: accepts, reads requests strictly, hands each to a handler.
//
// Owner:   app/, one per worker; the handler outlives it.
// Threads: the loop's.
// Errors:  Listen says why an address cannot be used. A malformed request is answered by the
//          handler's Refuse and the connection closes.
// Cancel:  Drain ends it in order: no new connections, idle ones closed, busy ones until the
//          deadline; then CancelAll.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/async/gate.h"
#include "base/async/loop.h"
#include "base/core/spares.h"
#include "io/net/listener.h"
#include "io/net/server_exchange.h"
#include "io/net/server_options.h"
#include "io/net/tls.h"

namespace signalbox::net {

class ServerConnection;

// What a server does with a request.
class Handler {
 public:
  // Answers `exchange`. A handler that returns without an answer gets a 500 sent for it.
  virtual async::Task<void> Handle(ServerExchange& exchange) = 0;
  // The JSON body that answers a request which could not be read.
  virtual std::string Refuse(int status, std::string_view reason) = 0;

 protected:
  ~Handler() = default;
};

class Server {
 public:
  Server(async::Loop& loop, const ServerOptions& options, std::shared_ptr<const TlsContext> tls,
         Handler& handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Timeouts, limits and certificate as they are from now on; connections keep the certificate that
  // they began with.
  void Adopt(const ServerOptions& options, std::shared_ptr<const TlsContext> tls);
  // Accepts from `listener` until the drain.
  void Start(Socket listener);
  // Takes no more connections, and waits for those that are there, each of which closes behind its
  // next answer: true when every one has ended by itself before `until`. One that is idle may still
  // send a request until `linger`.
  async::Task<bool> Drain(core::MonoTime until, core::MonoTime linger = {});
  // Cancels what is left and waits for its end.
  async::Task<void> CancelAll();

  bool draining() const { return draining_; }
  // A connection whose last answer did not say that it closes may still send a request.
  bool lingering() const { return loop_.now() < linger_until_; }
  std::size_t connections() const { return count_; }

  async::Loop& loop() { return loop_; }
  const ServerOptions& options() const { return options_; }
  const HeadLimits& head_limits() const { return head_limits_; }
  const TlsContext* tls() const { return tls_.get(); }
  Handler& handler() { return handler_; }
  // "Sat, 21 Nov 2026 09:30:00 GMT", of this second.
  std::string_view HttpDate();
  // Nothing is being served: frees what is kept for the next requests.
  void GiveMemoryBack() { states_.Clear(); }

 private:
  friend class ServerConnection;
  struct AcceptPoint;

  async::Task<void> Accept(AcceptPoint* point);
  void SpawnServe(Socket socket);
  static async::Task<void> Serve(Server* server, Socket socket);
  void Link(ServerConnection& connection);
  void Unlink(ServerConnection& connection);

  async::Loop& loop_;
  ServerOptions options_;
  HeadLimits head_limits_;
  std::shared_ptr<const TlsContext> tls_;
  Handler& handler_;
  async::Gate accepting_;
  async::Gate serving_;
  std::vector<std::unique_ptr<AcceptPoint>> points_;
  ServerConnection* connections_ = nullptr;
  std::size_t count_ = 0;
  bool draining_ = false;
  core::MonoTime linger_until_{};
  core::Spares<RequestState, 64> states_;
  std::string date_;
  std::int64_t date_second_ = 0;
};

}  // namespace signalbox::net
