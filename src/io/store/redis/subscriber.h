// The connection on which messages come, and what makes sure that its silence is noticed.
//
// Owner:   SharedOnRedis; closed before destruction. Threads: the loop's.
// Errors:  none; whoever listens is told of gaps.
// Cancel:  Close ends it.
#pragma once

#include <string>

#include "io/store/channel_hub.h"
#include "io/store/redis/link.h"

namespace signalbox::store {

class RedisSubscriber final : private RedisLink::Listener {
 public:
  explicit RedisSubscriber(RedisContext& context);

  void Subscribe(std::string channel, ChannelListener& listener);
  void Unsubscribe(ChannelListener& listener) { hub_.Remove(listener); }
  async::Task<void> Close(async::Deadline deadline);

 private:
  void OnUp() override;
  void OnReply(Reply reply) override;
  void OnDown(const core::Error& error) override;
  void Ask(const std::string& channel);
  async::Task<void> WatchSilence();

  RedisContext& context_;
  ChannelHub hub_;
  RedisLink link_;
  async::Gate gate_;
  core::MonoTime heard_at_{};
  bool started_ = false;
};

}  // namespace signalbox::store
