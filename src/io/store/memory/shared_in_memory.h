// What is shared when there is one process: everything in its memory, by the contract of Shared.
//
// Owner, Threads, Cancel: Shared's. Errors: never kUnavailable but after Close, and never late.
//
// What has outlived its time is dropped as it is met, and all of it once a minute.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/async/loop.h"
#include "io/store/account.h"
#include "io/store/channel_hub.h"
#include "io/store/shared.h"

namespace signalbox::store {

class SharedInMemory final : public Shared {
 public:
  explicit SharedInMemory(async::Loop& loop);
  ~SharedInMemory() override;

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
  std::string Name() const override { return "memory"; }

  // Loses everything, as a store does that was emptied: for tests.
  void Forget();

 private:
  static constexpr std::int64_t kForever = INT64_MAX;

  struct Kept {
    AccountBook book;
    std::int64_t until = kForever;
  };
  struct Value {
    std::string text;
    std::int64_t until = kForever;
  };
  struct Word {
    std::int64_t sequence = 0;
    std::int64_t amount = 0;
    std::int64_t until = 0;
  };
  using Words = std::map<std::string, Word>;  // by teller
  struct Owner {
    std::string holder;
    std::int64_t token = 0;
    std::int64_t until = 0;
  };

  std::int64_t Now() const;  // milliseconds; from 1
  core::Status Open() const;
  core::Result<Slice> DrawOne(const Draw& draw);
  core::Result<std::int64_t> TellOne(const Tally& tally);
  Value* FindValue(const std::string& key);
  void Sweep();

  async::Loop& loop_;
  std::map<AccountName, Kept> accounts_;
  std::unordered_map<std::string, Words> tallies_;
  std::unordered_map<std::string, Value> values_;
  std::unordered_map<std::string, Owner> owners_;
  std::shared_ptr<ChannelHub> hub_ = std::make_shared<ChannelHub>();
  std::int64_t lives_ = 0;
  std::int64_t swept_at_ = 0;
  bool closed_ = false;
};

}  // namespace signalbox::store
