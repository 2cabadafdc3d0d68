// The thread that puts rows into graphs, so that neither who writes nor who searches waits for it.
//
// Owner:   HnswVectors. Threads: any. Errors: none.
// Cancel:  ends with the object, after the row that it is at: a graph is only memory.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "io/store/hnsw/follower.h"

namespace signalbox::hnsw {

class Linker {
 public:
  // The thread starts with the first of them.
  void Add(std::shared_ptr<Follower> follower);

 private:
  void Run(const std::stop_token& stop);
  std::shared_ptr<Follower> Take(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any added_;
  std::deque<std::shared_ptr<Follower>> waiting_;
  std::jthread thread_;  // the last member: it ends before the others go
};

}  // namespace signalbox::hnsw
