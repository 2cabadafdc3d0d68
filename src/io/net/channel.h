// A private line between two processes of this machine that carries descriptors along with words.
//
// Owner:   each process its own end. Threads: one per end.
// Errors:  kUnavailable with the system's reason; kCancelled: the other end is gone.
// Cancel:  an end that is destroyed tells the other.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/error.h"
#include "io/net/stream.h"

namespace signalbox::net {

class Channel {
 public:
  struct Message {
    std::string text;
    std::vector<Socket> descriptors;  // closed again when nobody takes them
  };

  // Two ends. Both are closed when a program is started; Inherit lets one through.
  static core::Result<std::pair<Channel, Channel>> Pair();
  // The end that this process was started with.
  static Channel FromDescriptor(int descriptor) { return Channel(Socket(descriptor)); }

  // 64 KiB of text and 250 descriptors at most, at once.
  core::Status Send(std::string_view text, std::span<const int> descriptors = {});
  // The next message, when it has come within `time`.
  core::Result<Message> Receive(std::chrono::milliseconds time);

  int descriptor() const { return socket_.fd(); }

 private:
  explicit Channel(Socket socket) : socket_(std::move(socket)) {}
  Socket socket_;
};

}  // namespace signalbox::net
