// The nodes of a Redis: one, or those of a cluster as it makes them known by its redirects.
//
// Owner:   SharedOnRedis; closed before destruction. Threads: the loop's.
// Errors:  one per command: kUnavailable, kDeadlineExceeded, kCancelled. An error that Redis
//          answered is a Reply.
// Cancel:  as RedisPipe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/store/redis/answer.h"
#include "io/store/redis/command.h"
#include "io/store/redis/pipe.h"

namespace signalbox::store {

class RedisNodes {
 public:
  explicit RedisNodes(RedisContext& context) : context_(context) {}

  // Carries out all of them, those on one key in order, in one round trip where nothing has moved.
  async::Task<std::vector<core::Result<Reply>>> Run(std::span<const Command> commands,
                                                    async::Deadline deadline);
  async::Task<void> Close(async::Deadline deadline);

 private:
  static constexpr std::size_t kMostNodes = 64;
  static constexpr int kMostRounds = 6;

  struct Job;    // a command on its way
  struct Batch;  // jobs for one node

  RedisPipe* Node(std::string host, std::uint16_t port);
  RedisPipe* NodeFor(const Job& job);
  std::vector<Batch> Sort(std::vector<Job>& jobs);
  void Append(const Job& job, Batch& batch) const;
  void Take(Batch& batch, std::vector<Reply> replies);
  void Fail(Batch& batch, const core::Error& error);
  bool TryAgain(Job& job, RedisPipe& node, const Reply& reply);

  RedisContext& context_;
  std::unordered_map<std::string, std::unique_ptr<RedisPipe>> nodes_;  // by "host:port"
  std::unordered_map<int, RedisPipe*> slots_;                          // where they moved
  bool closed_ = false;
};

}  // namespace signalbox::store
