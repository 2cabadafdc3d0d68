// Another process of this program, started to take over from this one.
//
// Owner:   the Program. Threads: the main thread's.
// Errors:  why it could not be started, or why it went away; this process then goes on serving.
// Cancel:  one that is not ready is ended with its Successor.
//
// It is the file at the path that this process was started from, with the same arguments: put the
// new version there first. It gets the listening sockets themselves, so that no connection is lost
// between the two, loads the configuration, opens journals of its own, and says "ready".
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "io/net/channel.h"

namespace signalbox::app {

// How this process was started; read at its start, before the file can be replaced.
struct Origin {
  std::string path;
  std::vector<std::string> arguments;

  static Origin OfThisProcess();
};

class Successor {
 public:
  // `text` says which the listeners are (HandOverText).
  static core::Result<Successor> Start(const Origin& origin, std::span<const int> listeners,
                                       std::string_view text);
  Successor(Successor&& other) noexcept
      : line_(std::move(other.line_)), pid_(std::exchange(other.pid_, 0)) {}
  Successor& operator=(Successor&&) = delete;
  ~Successor();

  // Readable when it has said something, or is gone.
  int descriptor() const { return line_.descriptor(); }
  // It has said that it serves; an error: it has said why it cannot, or is gone.
  core::Status Hear();

  pid_t pid() const { return pid_; }
  const std::string& version() const { return version_; }  // of one that serves

 private:
  Successor(net::Channel line, pid_t pid) : line_(std::move(line)), pid_(pid) {}

  net::Channel line_;
  pid_t pid_;
  std::string version_;
  bool ready_ = false;
};

}  // namespace signalbox::app
