// Notices when files of a configuration change, appear or go: written in place, renamed over, or
// behind a link that is switched.
//
// Owner:   one thread (an event loop's, or WatchThread's).
// Threads: one.
// Errors:  none. Where the system cannot tell (no inotify, a network disk), looking at the files
//          every `poll` finds the change.
// Cancel:  nothing waits in here.
//
// An event loop waits for descriptor() to be readable (if Listens()) or Wait() to be over,
// whichever is first, and then asks Changed(). In a folder where much goes on the files are looked
// at once in `quiet`.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/config/files.h"
#include "base/core/time.h"

namespace signalbox::config {

struct WatchOptions {
  std::chrono::milliseconds quiet{200};  // how long nothing more must happen; three times at most
  std::chrono::milliseconds poll{2000};
  bool inotify = true;
};

class Watcher {
 public:
  explicit Watcher(WatchOptions options = {}, Outside& outside = System());
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher();

  // From now on `files`, as they were when they were read: what has changed since is noticed too.
  void Watch(const LoadedFiles& files);

  // Readable when something happened in a folder of them; -1 without inotify.
  int descriptor() const { return descriptor_; }
  bool Listens() const { return listening_ && descriptor_ >= 0; }
  // How long to wait at most.
  std::chrono::milliseconds Wait(core::MonoTime now) const;
  // Whether the files have changed and are quiet again. Said once for a change: the same state is
  // not reported twice, nor when what was read is back in its place.
  bool Changed(core::MonoTime now);

 private:
  struct State {
    std::vector<ReadStamp> stamps;
    std::vector<ReadPattern> patterns;
    bool operator==(const State& other) const;
  };

  State Look() const;
  void WatchFolders();
  void WatchPath(const std::string& path, std::set<std::string>& folders) const;
  bool Drain() const;

  WatchOptions options_;
  Outside& outside_;
  int descriptor_ = -1;
  std::vector<int> folders_;  // inotify's numbers
  State known_;               // last read or reported
  State seen_;                // last looked at
  bool listening_ = true;     // false: the next look is near, whatever happens until then
  core::MonoTime next_look_ = core::kNever;
  core::MonoTime first_seen_ = core::kNever;  // of a change that is not reported
};

}  // namespace signalbox::config
