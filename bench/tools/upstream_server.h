// The mock upstream: one thread, one epoll, streams paced by a queue that is sorted because every
// stream has the same interval.
//
// Owner:   main().
// Errors:  a broken connection is closed; nothing else can fail once it listens.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "clock.h"
#include "sockets.h"
#include "upstream_answers.h"
#include "upstream_connection.h"

namespace signalbox::bench {

struct UpstreamOptions {
  Endpoint listen;
  Dialect dialect = Dialect::kOpenAi;
  std::size_t answer_bytes = 600;
  std::int64_t tokens = 100;  // of a stream whose request names no max_tokens
  double tokens_per_second = 50;
};

class UpstreamServer {
 public:
  explicit UpstreamServer(const UpstreamOptions& options);

  std::uint16_t port() const { return LocalPort(listener_); }

  // Serves until the process is ended.
  [[noreturn]] void Serve();

 private:
  struct Due {
    Nanos at;
    std::uint32_t slot;
    std::uint32_t generation;
  };

  void AcceptAll();
  void OnEvent(std::uint32_t slot, std::uint32_t events);
  bool Answer(std::uint32_t slot);
  bool StartStream(std::uint32_t slot, const UpstreamConnection::Wish& wish);
  bool SendFrame(UpstreamConnection& connection, Nanos now);
  void SendDueFrames();
  void Settle(std::uint32_t slot, bool alive);

  Nanos interval_;
  std::int64_t default_tokens_;
  Answers answers_;
  int listener_;
  int epoll_;
  std::deque<UpstreamConnection> slots_;  // stable addresses
  std::vector<std::uint32_t> free_slots_;
  std::deque<Due> due_;
  std::string scratch_;
};

}  // namespace signalbox::bench
