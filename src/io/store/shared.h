// What several replicas share: slices of accounts, tallies, small values, leases, short messages.
// Knows no domain types. Implementations: memory/ (one process), redis/, SharedOnSql.
//
// Owner:   app/, one per control thread; outlives its users, who have stopped when it is closed.
// Threads: those of one loop. Nothing here is on a request's way.
// Errors:  kUnavailable: the store is away or refuses; says why, never with a password. Was it away
//          when the call came, nothing was done. kDeadlineExceeded, kCancelled: no answer in time;
//          the call may have been carried out. kConflict: a key holds another kind of thing, or the
//          call comes too late. kInvalidRequest: names or amounts out of range.
// Cancel:  through the Deadline; what was sent stays sent. Draw, TellAll, AcquireLease, Set and
//          Delete may be repeated as they are; CompareAndSet may then fail once more.
//
// All times are the store's own. Keys are what CheckText takes; values and messages any bytes up to
// kMostValueBytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async/task.h"
#include "base/async/wait.h"
#include "base/core/error.h"
#include "io/store/slice.h"
#include "io/store/tally.h"

namespace signalbox::store {

inline constexpr std::size_t kMostValueBytes = 1 << 20;

// Hears a channel. Called on the loop.
class ChannelListener {
 public:
  virtual void OnMessage(std::string_view text) = 0;
  // Messages come from now on, and earlier ones may have been missed: read again what they are
  // about. Called once the channel is heard, and each time after it was not.
  virtual void OnGap() = 0;

 protected:
  ~ChannelListener() = default;
};

// Something that one holder owns at a time.
struct Lease {
  std::int64_t token = 0;  // larger with each new owner: whoever is written to refuses smaller ones
  std::chrono::milliseconds left{0};  // from the moment the call was sent
};

class Shared {
 public:
  using Millis = std::chrono::milliseconds;

  virtual ~Shared() = default;

  // Each draw has its own answer, in order; those of one account are carried out in order, each at
  // once. One round trip for all.
  virtual async::Task<std::vector<core::Result<Slice>>> DrawAll(std::vector<Draw> draws,
                                                                async::Deadline deadline) = 0;
  // An account that is not there stands at zero.
  virtual async::Task<core::Result<std::vector<Standing>>> Peek(std::vector<AccountName> names,
                                                                async::Deadline deadline) = 0;

  // Each puts its teller's count under the key in the place of that teller's earlier one, unless
  // a later word came first; the answers, in order, are the sums of all tellers. A key comes once
  // in a call. One round trip for all.
  virtual async::Task<std::vector<core::Result<std::int64_t>>> TellAll(
      std::vector<Tally> tallies, async::Deadline deadline) = 0;

  virtual async::Task<core::Result<std::optional<std::string>>> Get(std::string key,
                                                                    async::Deadline deadline) = 0;
  // `ttl` 0: for good.
  virtual async::Task<core::Status> Set(std::string key, std::string value, Millis ttl,
                                        async::Deadline deadline) = 0;
  // Tells whether it was there.
  virtual async::Task<core::Result<bool>> Delete(std::string key, async::Deadline deadline) = 0;
  // Sets the value if it is `expected` (nullopt: not there); tells whether it was.
  virtual async::Task<core::Result<bool>> CompareAndSet(std::string key,
                                                        std::optional<std::string> expected,
                                                        std::string value, Millis ttl,
                                                        async::Deadline deadline) = 0;

  // Becomes or stays the owner for `ttl`; nullopt: another one is. Tokens grow even when the store
  // has lost everything, as long as its clock does not go back.
  virtual async::Task<core::Result<std::optional<Lease>>> AcquireLease(
      std::string name, std::string holder, Millis ttl, async::Deadline deadline) = 0;
  // Tells whether the holder was the owner.
  virtual async::Task<core::Result<bool>> ReleaseLease(std::string name, std::string holder,
                                                       async::Deadline deadline) = 0;

  // To everybody who hears the channel now, this process included; nobody else ever gets it.
  virtual async::Task<core::Status> Publish(std::string channel, std::string text,
                                            async::Deadline deadline) = 0;
  // `listener` stays until it is unsubscribed. May be called by a listener.
  virtual void Subscribe(std::string channel, ChannelListener& listener) = 0;
  virtual void Unsubscribe(ChannelListener& listener) = 0;

  // Ends what runs in the background; before destruction. Calls fail from then on.
  virtual async::Task<void> Close(async::Deadline deadline) = 0;

  // For people: "memory", "Redis db.example:6379/2".
  virtual std::string Name() const = 0;
};

// What every implementation checks first: kInvalidRequest says what is wrong.
core::Status CheckKey(std::string_view key);
core::Status CheckEntry(std::string_view key, std::string_view value, Shared::Millis ttl);
core::Status CheckLease(std::string_view name, std::string_view holder, Shared::Millis ttl);

// The token after `last`, at `now` in milliseconds of the store's clock.
inline std::int64_t NextToken(std::int64_t last, std::int64_t now) {
  return last + 1 > now ? last + 1 : now;
}

}  // namespace signalbox::store
