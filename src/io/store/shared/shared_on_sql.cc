#include "io/store/shared/shared_on_sql.h"

#include "base/async/watch.h"
#include "io/store/shared/accounts.h"
#include "io/store/shared/entries.h"
#include "io/store/shared/tallies.h"

namespace signalbox::store {
namespace {

using async::Deadline;
using async::Task;
using core::ErrorCode;
using core::Fail;

constexpr std::chrono::milliseconds kAskEvery{300};
constexpr std::chrono::minutes kSweepEvery{5};
constexpr std::chrono::seconds kPatience{30};  // of what runs in the background

}  // namespace

SharedOnSql::SharedOnSql(async::Loop& loop, async::Pool& pool, Sql& sql)
    : loop_(loop), pool_(pool), sql_(sql), gate_(loop) {}

template <typename T>
Task<core::Result<T>> SharedOnSql::Run(std::function<core::Result<T>()> work, Deadline deadline) {
  if (gate_.closed()) {
    co_return Fail(ErrorCode::kUnavailable, Name() + ": closed");
  }
  if (!std::exchange(sweeping_, true)) {
    gate_.Spawn(Sweep());
  }
  auto result = co_await async::OnPool<core::Result<T>>(loop_, pool_, std::move(work), deadline);
  if (result) {
    co_return *std::move(result);
  }
  const async::Wake over = deadline.Over(loop_.now());
  if (over != async::Wake::kNone) {
    co_return std::unexpected(async::ToError(over).At(Name()));
  }
  co_return Fail(ErrorCode::kUnavailable, Name() + ": too much waits for it already");
}

template <typename T>
Task<core::Result<T>> SharedOnSql::Write(std::function<core::Result<T>(Transaction&)> work,
                                         Deadline deadline) {
  std::function<core::Result<T>()> on_pool = [&sql = sql_,
                                              work = std::move(work)]() -> core::Result<T> {
    core::Result<T> result{};
    SB_CHECK_OK(sql.Write([&](Transaction& transaction) -> core::Status {
      result = work(transaction);
      return result ? core::Status{} : std::unexpected(result.error());
    }));
    return result;
  };
  co_return co_await Run<T>(std::move(on_pool), deadline);
}

// The good items in one transaction; `work` gives an answer to each, in order.
template <typename Item, typename Answer, typename Each>
Task<std::vector<core::Result<Answer>>> SharedOnSql::WriteAll(
    CheckedBatch<Item, Answer> batch,
    std::function<core::Result<std::vector<Each>>(Transaction&, std::span<const Item>)> work,
    Deadline deadline) {
  if (batch.good().empty()) {
    co_return batch.Take();
  }
  using Answers = std::vector<Each>;
  std::function<core::Result<Answers>(Transaction&)> whole =
      [items = std::move(batch.good()), work = std::move(work)](Transaction& transaction) {
        return work(transaction, items);
      };
  core::Result<Answers> answers = co_await Write<Answers>(std::move(whole), deadline);
  if (!answers) {
    batch.Fail(answers.error());
    co_return batch.Take();
  }
  for (std::size_t i = 0; i < answers->size(); ++i) {
    batch.Put(i, std::move((*answers)[i]));
  }
  co_return batch.Take();
}

Task<std::vector<core::Result<Slice>>> SharedOnSql::DrawAll(std::vector<Draw> draws,
                                                            Deadline deadline) {
  using Slices = std::vector<core::Result<Slice>>;
  const auto life =
      static_cast<std::int64_t>(random_.Next() % static_cast<std::uint64_t>(kMostAmount)) + 1;
  std::function<core::Result<Slices>(Transaction&, std::span<const Draw>)> work =
      [life](Transaction& transaction, std::span<const Draw> good) -> core::Result<Slices> {
    Slices answers;
    SB_CHECK_OK(DrawIn(transaction, good, life, answers));
    return answers;
  };
  CheckedBatch<Draw, Slice> batch(std::move(draws), CheckDraw);
  co_return co_await WriteAll(std::move(batch), std::move(work), deadline);
}

Task<std::vector<core::Result<std::int64_t>>> SharedOnSql::TellAll(std::vector<Tally> tallies,
                                                                   Deadline deadline) {
  using Sums = std::vector<std::int64_t>;
  std::function<core::Result<Sums>(Transaction&, std::span<const Tally>)> work = TellIn;
  CheckedBatch<Tally, std::int64_t> batch(std::move(tallies), CheckTally);
  co_return co_await WriteAll(std::move(batch), std::move(work), deadline);
}

Task<core::Result<std::vector<Standing>>> SharedOnSql::Peek(std::vector<AccountName> names,
                                                            Deadline deadline) {
  for (const AccountName& name : names) {
    SB_CO_CHECK_OK(CheckName(name));
  }
  std::function<core::Result<std::vector<Standing>>()> work =
      [&sql = sql_, names = std::move(names)] { return PeekIn(sql, names); };
  co_return co_await Run<std::vector<Standing>>(std::move(work), deadline);
}

Task<core::Result<std::optional<std::string>>> SharedOnSql::Get(std::string key,
                                                                Deadline deadline) {
  SB_CO_CHECK_OK(CheckKey(key));
  std::function<core::Result<std::optional<std::string>>()> work =
      [&sql = sql_, key = std::move(key)] { return GetIn(sql, key); };
  co_return co_await Run<std::optional<std::string>>(std::move(work), deadline);
}

Task<core::Status> SharedOnSql::Set(std::string key, std::string value, Millis ttl,
                                    Deadline deadline) {
  SB_CO_CHECK_OK(CheckEntry(key, value, ttl));
  std::function<core::Result<bool>(Transaction&)> work =
      [key = std::move(key), value = std::move(value),
       ttl](Transaction& transaction) -> core::Result<bool> {
    SB_CHECK_OK(SetIn(transaction, key, value, ttl));
    return true;
  };
  const core::Result<bool> set = co_await Write<bool>(std::move(work), deadline);
  co_return set ? core::Status{} : std::unexpected(set.error());
}

Task<core::Result<bool>> SharedOnSql::Delete(std::string key, Deadline deadline) {
  SB_CO_CHECK_OK(CheckKey(key));
  std::function<core::Result<bool>(Transaction&)> work =
      [key = std::move(key)](Transaction& transaction) { return DeleteIn(transaction, key); };
  co_return co_await Write<bool>(std::move(work), deadline);
}

Task<core::Result<bool>> SharedOnSql::CompareAndSet(std::string key,
                                                    std::optional<std::string> expected,
                                                    std::string value, Millis ttl,
                                                    Deadline deadline) {
  SB_CO_CHECK_OK(CheckEntry(key, value, ttl));
  std::function<core::Result<bool>(Transaction&)> work =
      [key = std::move(key), expected = std::move(expected), value = std::move(value),
       ttl](Transaction& transaction) {
        return CompareAndSetIn(transaction, key, expected, value, ttl);
      };
  co_return co_await Write<bool>(std::move(work), deadline);
}

Task<core::Result<std::optional<Lease>>> SharedOnSql::AcquireLease(std::string name,
                                                                   std::string holder, Millis ttl,
                                                                   Deadline deadline) {
  SB_CO_CHECK_OK(CheckLease(name, holder, ttl));
  std::function<core::Result<std::optional<Lease>>(Transaction&)> work =
      [name = std::move(name), holder = std::move(holder), ttl](Transaction& transaction) {
        return AcquireIn(transaction, name, holder, ttl);
      };
  co_return co_await Write<std::optional<Lease>>(std::move(work), deadline);
}

Task<core::Result<bool>> SharedOnSql::ReleaseLease(std::string name, std::string holder,
                                                   Deadline deadline) {
  SB_CO_CHECK_OK(CheckLease(name, holder, Millis(1)));
  std::function<core::Result<bool>(Transaction&)> work =
      [name = std::move(name), holder = std::move(holder)](Transaction& transaction) {
        return ReleaseIn(transaction, name, holder);
      };
  co_return co_await Write<bool>(std::move(work), deadline);
}

Task<core::Status> SharedOnSql::Publish(std::string channel, std::string text, Deadline deadline) {
  SB_CO_CHECK_OK(CheckEntry(channel, text, {}));
  std::function<core::Result<bool>(Transaction&)> work =
      [channel = std::move(channel),
       text = std::move(text)](Transaction& transaction) -> core::Result<bool> {
    SB_CHECK_OK(PublishIn(transaction, channel, text));
    return true;
  };
  const core::Result<bool> sent = co_await Write<bool>(std::move(work), deadline);
  co_return sent ? core::Status{} : std::unexpected(sent.error());
}

void SharedOnSql::Subscribe(std::string channel, ChannelListener& listener) {
  hub_.Add(std::move(channel), listener);
  if (!std::exchange(listening_, true)) {
    gate_.Spawn(Listen());
  }
}

Task<void> SharedOnSql::Listen() {
  while (!gate_.closed()) {
    for (const std::string& channel : hub_.channels()) {
      co_await HearChannel(channel);
    }
    (void)co_await loop_.SleepUntil({loop_.now() + kAskEvery, &gate_.cancellation()});
  }
}

Task<void> SharedOnSql::HearChannel(std::string channel) {
  // Messages of the time when nobody answered may be gone already.
  if (loop_.now() - heard_at_ > kMessageKept / 2) {
    heard_.clear();
    hub_.Missed();
  }
  const auto found = heard_.find(channel);
  const auto heard = found == heard_.end() ? std::nullopt : std::optional(found->second);
  std::function<core::Result<News>()> work = [&sql = sql_, channel, heard] {
    return NewsIn(sql, channel, heard);
  };
  const auto news =
      co_await Run<News>(std::move(work), {loop_.now() + kPatience, &gate_.cancellation()});
  if (!news) {
    co_return;
  }
  heard_at_ = loop_.now();
  heard_[channel] = news->newest;
  if (news->gap && heard) {
    hub_.Missed();
  }
  hub_.TellGaps(channel);  // to those that came since the last question, too
  for (const std::string& text : news->texts) {
    hub_.Deliver(channel, text);
  }
}

Task<void> SharedOnSql::Sweep() {
  while (!gate_.closed()) {
    (void)co_await loop_.SleepUntil({loop_.now() + kSweepEvery, &gate_.cancellation()});
    std::function<core::Result<bool>(Transaction&)> work =
        [](Transaction& transaction) -> core::Result<bool> {
      SB_CHECK_OK(SweepIn(transaction));
      return true;
    };
    // What fails now is tried again next time.
    (void)co_await Write<bool>(std::move(work), {loop_.now() + kPatience, &gate_.cancellation()});
  }
}

Task<void> SharedOnSql::Close(Deadline deadline) {
  gate_.Close();
  (void)co_await gate_.Drained(deadline);
}

}  // namespace signalbox::store
