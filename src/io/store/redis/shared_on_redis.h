// What is shared through Redis 7 (one server, one behind a name that moves, or a cluster), by the
// contract of Shared.
//
// Owner, Threads, Errors, Cancel: Shared's.
//
// While Redis is away calls fail at once, and one connection is tried for again and again with
// growing pauses; a call while one is being made waits for it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/store/checked_batch.h"
#include "io/store/redis/nodes.h"
#include "io/store/redis/subscriber.h"
#include "io/store/shared.h"

namespace signalbox::store {

class SharedOnRedis final : public Shared {
 public:
  // Fails when the file with authorities is no good; connects in the background.
  static core::Result<std::unique_ptr<SharedOnRedis>> Open(async::Loop& loop,
                                                           net::Resolver& resolver,
                                                           RedisOptions options);

  async::Task<std::vector<core::Result<Slice>>> DrawAll(std::vector<Draw> draws,
                                                        async::Deadline deadline) override;
  async::Task<core::Result<std::vector<Standing>>> Peek(std::vector<AccountName> names,
                                                        async::Deadline deadline) override;
  async::Task<std::vector<core::Result<std::int64_t>>> TellAll(std::vector<Tally> tallies,
                                                               async::Deadline deadline) override;
  async::Task<core::Result<std::optional<std::string>>> Get(std::string key,
                                                            async::Deadline deadline) override;
  async::Task<core::Status> Set(std::string key, std::string value, Millis ttl,
                                async::Deadline deadline) override;
  async::Task<core::Result<bool>> Delete(std::string key, async::Deadline deadline) override;
  async::Task<core::Result<bool>> CompareAndSet(std::string key,
                                                std::optional<std::string> expected,
                                                std::string value, Millis ttl,
                                                async::Deadline deadline) override;
  async::Task<core::Result<std::optional<Lease>>> AcquireLease(std::string name, std::string holder,
                                                               Millis ttl,
                                                               async::Deadline deadline) override;
  async::Task<core::Result<bool>> ReleaseLease(std::string name, std::string holder,
                                               async::Deadline deadline) override;
  async::Task<core::Status> Publish(std::string channel, std::string text,
                                    async::Deadline deadline) override;
  void Subscribe(std::string channel, ChannelListener& listener) override;
  void Unsubscribe(ChannelListener& listener) override;
  async::Task<void> Close(async::Deadline deadline) override;
  std::string Name() const override { return context_.options.Name(); }

 private:
  SharedOnRedis(async::Loop& loop, net::Resolver& resolver, RedisOptions options,
                std::optional<net::TlsContext> tls);

  std::string Key(char kind, std::string_view name) const;
  std::string AccountKey(const AccountName& name) const;
  Command DrawCommand(const Draw& draw);
  Command TellCommand(const Tally& tally);
  template <typename Item, typename Answer>
  async::Task<std::vector<core::Result<Answer>>> RunAll(
      CheckedBatch<Item, Answer> batch, Command (SharedOnRedis::*write)(const Item&),
      core::Result<Answer> (*read)(const Reply&), async::Deadline deadline);
  async::Task<core::Result<Reply>> One(Command command, async::Deadline deadline);

  std::optional<net::TlsContext> tls_;
  RedisContext context_;
  RedisNodes nodes_;
  RedisSubscriber subscriber_;
};

}  // namespace signalbox::store
