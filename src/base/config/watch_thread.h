// A Watcher with a thread of its own.
//
// Owner:   app/; its end stops the thread and waits for `on_change` to return.
// Threads: Watch from any; `on_change` runs on the thread of its own and may call Watch.
// Errors:  the thread cannot be started: std::system_error, at start only.
// Cancel:  the destructor.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/config/watcher.h"

namespace signalbox::config {

class WatchThread {
 public:
  WatchThread(LoadedFiles files, std::function<void()> on_change, WatchOptions options = {});
  WatchThread(const WatchThread&) = delete;
  WatchThread& operator=(const WatchThread&) = delete;
  ~WatchThread();

  // After a load, also a failed one: its files are watched from then on.
  void Watch(LoadedFiles files);

 private:
  void Run();
  void Wake() const;

  std::function<void()> on_change_;
  WatchOptions options_;
  int wake_;
  std::mutex mutex_;
  bool stop_ = false;                 // by mutex_
  std::optional<LoadedFiles> files_;  // by mutex_; to be watched from now on
  std::thread thread_;
};

}  // namespace signalbox::config
