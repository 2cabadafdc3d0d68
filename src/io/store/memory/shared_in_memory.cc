#include "io/store/memory/shared_in_memory.h"

#include <algorithm>

namespace signalbox::store {
namespace {

using async::Deadline;
using async::Task;
using core::ErrorCode;
using core::Fail;

constexpr std::int64_t kSweepEveryMs = 60'000;

std::int64_t Until(std::int64_t now, Shared::Millis ttl) {
  return ttl.count() == 0 ? INT64_MAX : now + ttl.count();
}

}  // namespace

SharedInMemory::SharedInMemory(async::Loop& loop) : loop_(loop) {}
SharedInMemory::~SharedInMemory() = default;

std::int64_t SharedInMemory::Now() const {
  const auto since_boot = loop_.now().time_since_epoch();
  return std::chrono::duration_cast<Millis>(since_boot).count() + 1;
}

core::Status SharedInMemory::Open() const {
  return closed_ ? Fail(ErrorCode::kUnavailable, "memory: closed") : core::Status{};
}

void SharedInMemory::Forget() {
  accounts_.clear();
  tallies_.clear();
  values_.clear();
  owners_.clear();
}

void SharedInMemory::Sweep() {
  const std::int64_t now = Now();
  if (now - swept_at_ < kSweepEveryMs) {
    return;
  }
  swept_at_ = now;
  const auto over = [now](const auto& entry) { return entry.second.until <= now; };
  std::erase_if(accounts_, over);
  for (auto& [key, words] : tallies_) {
    std::erase_if(words, over);
  }
  std::erase_if(tallies_, [](const auto& entry) { return entry.second.empty(); });
  std::erase_if(values_, over);
  std::erase_if(owners_, over);  // the next token comes from the clock
}

core::Result<Slice> SharedInMemory::DrawOne(const Draw& draw) {
  SB_CHECK_OK(CheckDraw(draw));
  const std::int64_t now = Now();
  Kept& kept = accounts_[draw.name];
  if (kept.until <= now) {
    kept = {};
  }
  kept.until = Until(now, draw.keep);
  return Apply(kept.book, draw, now, ++lives_);
}

Task<std::vector<core::Result<Slice>>> SharedInMemory::DrawAll(std::vector<Draw> draws, Deadline) {
  Sweep();
  std::vector<core::Result<Slice>> slices;
  slices.reserve(draws.size());
  for (const Draw& draw : draws) {
    if (const core::Status open = Open(); !open) {
      slices.emplace_back(std::unexpected(open.error()));
      continue;
    }
    slices.push_back(DrawOne(draw));
  }
  co_return slices;
}

Task<core::Result<std::vector<Standing>>> SharedInMemory::Peek(std::vector<AccountName> names,
                                                               Deadline) {
  SB_CO_CHECK_OK(Open());
  std::vector<Standing> standings;
  standings.reserve(names.size());
  for (const AccountName& name : names) {
    SB_CO_CHECK_OK(CheckName(name));
    const auto found = accounts_.find(name);
    const bool there = found != accounts_.end() && found->second.until > Now();
    standings.push_back(there ? StandingOf(found->second.book, Now()) : Standing{});
  }
  co_return standings;
}

core::Result<std::int64_t> SharedInMemory::TellOne(const Tally& tally) {
  SB_CHECK_OK(Open());
  SB_CHECK_OK(CheckTally(tally));
  const std::int64_t now = Now();
  Words& words = tallies_[tally.key];
  std::erase_if(words, [now](const auto& entry) { return entry.second.until <= now; });
  Word& word = words[tally.teller];
  if (word.sequence < tally.sequence) {
    word = {tally.sequence, tally.amount, Until(now, tally.ttl)};
  }
  std::int64_t sum = 0;
  for (const auto& [teller, each] : words) {
    sum = std::min(sum + each.amount, kMostAmount);
  }
  return sum;
}

Task<std::vector<core::Result<std::int64_t>>> SharedInMemory::TellAll(std::vector<Tally> tallies,
                                                                      Deadline) {
  Sweep();
  std::vector<core::Result<std::int64_t>> sums;
  sums.reserve(tallies.size());
  for (const Tally& tally : tallies) {
    sums.push_back(TellOne(tally));
  }
  co_return sums;
}

SharedInMemory::Value* SharedInMemory::FindValue(const std::string& key) {
  Sweep();
  const auto found = values_.find(key);
  if (found != values_.end() && found->second.until <= Now()) {
    values_.erase(found);
    return nullptr;
  }
  return found == values_.end() ? nullptr : &found->second;
}

Task<core::Result<std::optional<std::string>>> SharedInMemory::Get(std::string key, Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckKey(key));
  const Value* value = FindValue(key);
  co_return value == nullptr ? std::nullopt : std::optional(value->text);
}

Task<core::Status> SharedInMemory::Set(std::string key, std::string value, Millis ttl, Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckEntry(key, value, ttl));
  Sweep();
  values_[std::move(key)] = {std::move(value), Until(Now(), ttl)};
  co_return core::Status{};
}

Task<core::Result<bool>> SharedInMemory::Delete(std::string key, Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckKey(key));
  const bool there = FindValue(key) != nullptr;
  values_.erase(key);
  co_return there;
}

Task<core::Result<bool>> SharedInMemory::CompareAndSet(std::string key,
                                                       std::optional<std::string> expected,
                                                       std::string value, Millis ttl, Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckEntry(key, value, ttl));
  const Value* there = FindValue(key);
  const bool as_expected =
      expected ? there != nullptr && there->text == *expected : there == nullptr;
  if (as_expected) {
    values_[std::move(key)] = {std::move(value), Until(Now(), ttl)};
  }
  co_return as_expected;
}

Task<core::Result<std::optional<Lease>>> SharedInMemory::AcquireLease(std::string name,
                                                                      std::string holder,
                                                                      Millis ttl, Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckLease(name, holder, ttl));
  const std::int64_t now = Now();
  Owner& owner = owners_[std::move(name)];
  if (owner.until > now && owner.holder != holder) {
    co_return std::nullopt;
  }
  if (owner.until <= now) {
    owner.token = NextToken(owner.token, now);
  }
  owner.holder = std::move(holder);
  owner.until = now + ttl.count();
  co_return Lease{owner.token, ttl};
}

Task<core::Result<bool>> SharedInMemory::ReleaseLease(std::string name, std::string holder,
                                                      Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckLease(name, holder, Millis(1)));
  const auto found = owners_.find(name);
  const bool owned =
      found != owners_.end() && found->second.until > Now() && found->second.holder == holder;
  if (owned) {
    found->second.until = 0;
  }
  co_return owned;
}

Task<core::Status> SharedInMemory::Publish(std::string channel, std::string text, Deadline) {
  SB_CO_CHECK_OK(Open());
  SB_CO_CHECK_OK(CheckEntry(channel, text, {}));
  const auto hub = hub_;  // a listener may end this object
  hub->Deliver(channel, text);
  co_return core::Status{};
}

void SharedInMemory::Subscribe(std::string channel, ChannelListener& listener) {
  hub_->Add(channel, listener);
  loop_.Post([hub = std::weak_ptr(hub_), channel = std::move(channel)] {
    if (const auto there = hub.lock()) {
      there->TellGaps(channel);
    }
  });
}

void SharedInMemory::Unsubscribe(ChannelListener& listener) {
  hub_->Remove(listener);
}

Task<void> SharedInMemory::Close(Deadline) {
  closed_ = true;
  co_return;
}

}  // namespace signalbox::store
