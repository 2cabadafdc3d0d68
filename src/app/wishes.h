// What the main thread waits for while the workers serve: signals, and what other threads ask of
// it.
//
// Owner:   Serve, before any other thread starts, so that all of them leave the signals alone.
// Threads: Wait is for the main thread; Post for any.
// Errors:  std::system_error when the descriptors cannot be made.
// Cancel:  a wait ends at its time.
#pragma once

#include "base/core/time.h"

namespace signalbox::app {

enum class Wish {
  kNone,          // the time is over
  kStop,          // SIGTERM, SIGINT
  kReload,        // SIGHUP
  kUpgrade,       // SIGUSR2
  kFilesChanged,  // a file of the configuration has changed
  kHeard,         // the descriptor that is listened to has something
};

class Wishes {
 public:
  Wishes();
  ~Wishes();
  Wishes(const Wishes&) = delete;
  Wishes& operator=(const Wishes&) = delete;

  // The next one; of signals that came more than once there may be one.
  Wish Wait(core::MonoTime until);
  // Any thread.
  void FilesChanged();
  // -1: to none any more.
  void ListenTo(int descriptor) { heard_ = descriptor; }
  // From now on SIGTERM and SIGINT end the process at once, the way the system does it.
  void LetSignalsEnd();

 private:
  int signals_;
  int posted_;
  int heard_ = -1;
};

}  // namespace signalbox::app
