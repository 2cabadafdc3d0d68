// A connection to one Redis that comes back when it broke: after a pause that grows and differs
// from replica to replica, so that a Redis that returns is not met by all of them at once.
//
// Owner:   a pipe or a subscriber, which hears it; closed before destruction.
// Threads: the loop's.
// Errors:  told to the listener: kUnavailable with the reason.
// Cancel:  Close ends it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/async/event.h"
#include "base/async/gate.h"
#include "base/core/random.h"
#include "io/net/resolver.h"
#include "io/net/tls.h"
#include "io/store/redis/options.h"
#include "io/store/redis/wire.h"

namespace signalbox::store {

// What the links of one Redis (or cluster) have in common; outlives them.
struct RedisContext {
  async::Loop& loop;
  net::Resolver& resolver;
  const net::TlsContext* tls = nullptr;
  RedisOptions options;
  core::Random random{};
  ScriptDigests digests{};
};

// How long to wait before the try after `failures` in a row; `draw` in [0, 1).
std::chrono::nanoseconds PauseAfter(const RedisOptions& options, int failures, double draw);

class RedisLink {
 public:
  class Listener {
   public:
    virtual void OnUp() = 0;
    virtual void OnReply(Reply reply) = 0;
    // The connection, or the try to make one, is over; what was sent has no answer.
    virtual void OnDown(const core::Error& error) = 0;

   protected:
    ~Listener() = default;
  };

  RedisLink(RedisContext& context, std::string host, std::uint16_t port, Listener& listener);

  // False while it waits to try again: `error()` says why.
  bool usable() const { return state_ == State::kConnecting || state_ == State::kUp; }
  bool up() const { return state_ == State::kUp; }
  const core::Error& error() const { return error_; }
  const std::string& host() const { return origin_.host; }
  std::uint16_t port() const { return origin_.port; }

  void Start();
  // Written as soon as it is connected, in order.
  void Write(std::string_view bytes);
  // Gives the connection up and makes another.
  void Break(std::string_view why);
  async::Task<void> Close(async::Deadline deadline);

 private:
  enum class State : std::uint8_t { kNew, kConnecting, kUp, kPausing, kClosed };

  async::Task<void> Run();
  async::Task<core::Error> Serve();
  async::Task<void> WriteAll(RedisWire* wire, async::Event* done);
  void GoDown(core::Error error);

  RedisContext& context_;
  const net::Origin origin_;
  Listener& listener_;
  net::Client client_;
  async::Gate gate_;
  async::Cancellation break_;  // ends all waits of the present connection
  async::Event to_write_;
  State state_ = State::kNew;
  core::Error error_;
  std::string broken_why_;
  std::string out_;
  int failures_ = 0;
};

}  // namespace signalbox::store
