// What is shared through a database, for replicas that have PostgreSQL and no Redis, by the
// contract of Shared. Messages are asked for three times a second.
//
// Owner, Threads, Errors: Shared's. Cancel: Shared's; work that has begun on the pool goes on, so
// the database outlives the pool.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/async/gate.h"
#include "base/async/pool.h"
#include "base/core/random.h"
#include "io/store/channel_hub.h"
#include "io/store/checked_batch.h"
#include "io/store/shared.h"
#include "io/store/sql.h"

namespace signalbox::store {

class SharedOnSql final : public Shared {
 public:
  // The database has the migrations of this folder.
  SharedOnSql(async::Loop& loop, async::Pool& pool, Sql& sql);

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
  void Unsubscribe(ChannelListener& listener) override { hub_.Remove(listener); }
  async::Task<void> Close(async::Deadline deadline) override;
  std::string Name() const override { return sql_.Name(); }

 private:
  template <typename T>
  async::Task<core::Result<T>> Run(std::function<core::Result<T>()> work, async::Deadline deadline);
  // `work` in a transaction of its own.
  template <typename T>
  async::Task<core::Result<T>> Write(std::function<core::Result<T>(Transaction&)> work,
                                     async::Deadline deadline);
  template <typename Item, typename Answer, typename Each>
  async::Task<std::vector<core::Result<Answer>>> WriteAll(
      CheckedBatch<Item, Answer> batch,
      std::function<core::Result<std::vector<Each>>(Transaction&, std::span<const Item>)> work,
      async::Deadline deadline);
  async::Task<void> Listen();
  async::Task<void> HearChannel(std::string channel);
  async::Task<void> Sweep();

  async::Loop& loop_;
  async::Pool& pool_;
  Sql& sql_;
  async::Gate gate_;
  core::Random random_;
  ChannelHub hub_;
  std::map<std::string, std::int64_t> heard_;  // the newest message of each channel
  core::MonoTime heard_at_{};                  // when the last question after them was answered
  bool listening_ = false;
  bool sweeping_ = false;
};

}  // namespace signalbox::store
