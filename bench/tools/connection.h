// One keep-alive connection of the load generator: sends the shared request, reads the answer.
//
// Owner:   a mode's loop; the request's bytes outlive it.
// Errors:  kBroken when the peer closed, refused or answered malformed; Open again to go on.
#pragma once

#include <string>
#include <string_view>

#include "clock.h"
#include "message_reader.h"
#include "sockets.h"

namespace signalbox::bench {

class Connection {
 public:
  enum class Progress { kWaiting, kDone, kBroken };

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { Close(); }

  // Connects and joins `epoll` under `tag`; false when the peer refuses.
  bool Open(const Endpoint& endpoint, int epoll, std::uint64_t tag);
  void Close();

  // Starts to send `request`; `intended` is the time its latency counts from.
  Progress Start(std::string_view request, Nanos intended);
  // Allows the rest of a request that Start got only a part of (bodies mode).
  Progress Continue(std::string_view rest);
  // Sends what is left to send.
  Progress OnWritable();
  // Reads once; kDone when the answer is complete.
  Progress OnReadable(std::string& scratch);

  bool open() const { return fd_ >= 0; }
  bool sent() const { return unsent_.empty(); }
  int status() const { return reader_.status(); }
  Nanos intended() const { return intended_; }

 private:
  int fd_ = -1;
  int epoll_ = -1;
  std::uint64_t tag_ = 0;
  bool wants_write_ = false;
  std::string_view unsent_;
  Nanos intended_ = 0;
  MessageReader reader_{MessageReader::Kind::kAnswer};
};

}  // namespace signalbox::bench
