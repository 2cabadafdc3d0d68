// Commands to one Redis, many under way at once, answers in order.
//
// Owner:   RedisNodes. Threads: the loop's.
// Errors:  kUnavailable: away; kDeadlineExceeded, kCancelled: no answer in time (it may come about
//          all the same).
// Cancel:  an answer that nobody waits for any more is dropped when it comes.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "io/store/redis/link.h"

namespace signalbox::store {

class RedisPipe final : private RedisLink::Listener {
 public:
  static constexpr std::size_t kMostWaiting = 10'000;  // calls

  RedisPipe(RedisContext& context, std::string host, std::uint16_t port);

  // What was sent together. Kept by whoever awaits it.
  struct Call {
    explicit Call(async::Loop& loop) : done(loop) {}
    async::Event done;
    std::size_t expected = 0;
    std::vector<Reply> replies;
    core::Status status;
    core::MonoTime sent_at;
  };

  // Sends `bytes`, which hold `replies` commands. Fails at once when the Redis is away.
  core::Result<std::shared_ptr<Call>> Send(std::string_view bytes, std::size_t replies);
  async::Task<core::Result<std::vector<Reply>>> Await(std::shared_ptr<Call> call,
                                                      async::Deadline deadline);

  RedisLink& link() { return link_; }

 private:
  void OnUp() override {}
  void OnReply(Reply reply) override;
  void OnDown(const core::Error& error) override;

  RedisContext& context_;
  RedisLink link_;
  std::deque<std::shared_ptr<Call>> calls_;
};

}  // namespace signalbox::store
