#include "io/store/redis/shared_on_redis.h"

#include "io/store/redis/answer.h"

namespace signalbox::store {
namespace {

using async::Deadline;
using async::Task;

constexpr std::int64_t kRememberedMs =
    std::chrono::duration_cast<std::chrono::milliseconds>(kHolderRemembered).count();

core::Error Named(core::Error error, const RedisOptions& options) {
  // What a Redis said of itself; errors of the connection have its name already.
  return std::move(error).At(options.Name());
}

core::Result<bool> ToBool(const core::Result<std::int64_t>& number) {
  if (!number) {
    return std::unexpected(number.error());
  }
  return *number != 0;
}

}  // namespace

core::Result<std::unique_ptr<SharedOnRedis>> SharedOnRedis::Open(async::Loop& loop,
                                                                 net::Resolver& resolver,
                                                                 RedisOptions options) {
  std::optional<net::TlsContext> tls;
  if (options.tls) {
    SB_TRY(auto context, net::TlsContext::ForClient(options.ca_file));
    tls.emplace(std::move(context));
  }
  return std::unique_ptr<SharedOnRedis>(
      new SharedOnRedis(loop, resolver, std::move(options), std::move(tls)));
}

SharedOnRedis::SharedOnRedis(async::Loop& loop, net::Resolver& resolver, RedisOptions options,
                             std::optional<net::TlsContext> tls)
    : tls_(std::move(tls)),
      context_{loop, resolver, tls_ ? &*tls_ : nullptr, std::move(options)},
      nodes_(context_),
      subscriber_(context_) {}

std::string SharedOnRedis::Key(char kind, std::string_view name) const {
  std::string key = context_.options.prefix;
  key += kind;
  key += ':';
  key += name;
  return key;
}

// All windows of an account are in one slot of a cluster.
std::string SharedOnRedis::AccountKey(const AccountName& name) const {
  return Key('a', "{" + name.account + "}:" + name.window);
}

Command SharedOnRedis::DrawCommand(const Draw& draw) {
  const auto life =
      static_cast<std::int64_t>(context_.random.Next() % static_cast<std::uint64_t>(kMostAmount)) +
      1;
  const Slice last = draw.last.value_or(Slice{});
  Command command(ScriptName::kDraw, AccountKey(draw.name));
  command.Arg(draw.holder);
  for (const std::int64_t number : {draw.sequence, draw.limit, draw.spent, draw.in_use, draw.wanted,
                                    std::int64_t{draw.ttl.count()}, std::int64_t{draw.keep.count()},
                                    life, kRememberedMs, std::int64_t{draw.last.has_value()},
                                    last.life, last.settled, last.at, last.booked, last.held}) {
    command.Arg(number);
  }
  return command;
}

// One command for each item; their answers as `read` understands them.
template <typename Item, typename Answer>
Task<std::vector<core::Result<Answer>>> SharedOnRedis::RunAll(
    CheckedBatch<Item, Answer> batch, Command (SharedOnRedis::*write)(const Item&),
    core::Result<Answer> (*read)(const Reply&), Deadline deadline) {
  std::vector<Command> commands;
  commands.reserve(batch.good().size());
  for (const Item& item : batch.good()) {
    commands.push_back((this->*write)(item));
  }
  const auto replies = co_await nodes_.Run(commands, deadline);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (!replies[i]) {
      batch.Put(i, std::unexpected(replies[i].error()));
      continue;
    }
    core::Result<Answer> answer = read(*replies[i]);
    if (!answer) {
      answer = std::unexpected(Named(std::move(answer).error(), context_.options));
    }
    batch.Put(i, std::move(answer));
  }
  co_return batch.Take();
}

Task<std::vector<core::Result<Slice>>> SharedOnRedis::DrawAll(std::vector<Draw> draws,
                                                              Deadline deadline) {
  co_return co_await RunAll(CheckedBatch<Draw, Slice>(std::move(draws), CheckDraw),
                            &SharedOnRedis::DrawCommand, ToSlice, deadline);
}

Command SharedOnRedis::TellCommand(const Tally& tally) {
  Command command(ScriptName::kTell, Key('t', tally.key));
  command.Arg(tally.teller).Arg(tally.sequence).Arg(tally.amount);
  command.Arg(std::int64_t{tally.ttl.count()});
  return command;
}

Task<std::vector<core::Result<std::int64_t>>> SharedOnRedis::TellAll(std::vector<Tally> tallies,
                                                                     Deadline deadline) {
  co_return co_await RunAll(CheckedBatch<Tally, std::int64_t>(std::move(tallies), CheckTally),
                            &SharedOnRedis::TellCommand, ToInteger, deadline);
}

Task<core::Result<std::vector<Standing>>> SharedOnRedis::Peek(std::vector<AccountName> names,
                                                              Deadline deadline) {
  std::vector<Command> commands;
  for (const AccountName& name : names) {
    SB_CO_CHECK_OK(CheckName(name));
    commands.emplace_back(ScriptName::kPeek, AccountKey(name)).Arg(kRememberedMs);
  }
  const auto replies = co_await nodes_.Run(commands, deadline);
  std::vector<Standing> standings;
  for (const core::Result<Reply>& reply : replies) {
    if (!reply) {
      co_return std::unexpected(reply.error());
    }
    auto standing = ToStanding(*reply);
    if (!standing) {
      co_return std::unexpected(Named(std::move(standing).error(), context_.options));
    }
    standings.push_back(*standing);
  }
  co_return standings;
}

// The reply, which may be an error of Redis' own: that is returned as one.
Task<core::Result<Reply>> SharedOnRedis::One(Command command, Deadline deadline) {
  auto replies = co_await nodes_.Run({&command, 1}, deadline);
  core::Result<Reply> reply = std::move(replies[0]);
  if (reply && reply->IsError()) {
    reply = std::unexpected(Named(ToError(reply->text), context_.options));
  }
  co_return reply;
}

Task<core::Result<std::optional<std::string>>> SharedOnRedis::Get(std::string key,
                                                                  Deadline deadline) {
  SB_CO_CHECK_OK(CheckKey(key));
  Command command("GET");
  command.Key(Key('v', key));
  auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(std::move(reply).error());
  }
  co_return ToValue(*std::move(reply));
}

Task<core::Status> SharedOnRedis::Set(std::string key, std::string value, Millis ttl,
                                      Deadline deadline) {
  SB_CO_CHECK_OK(CheckEntry(key, value, ttl));
  Command command("SET");
  command.Key(Key('v', key)).Arg(value);
  if (ttl.count() > 0) {
    command.Arg("PX").Arg(std::int64_t{ttl.count()});
  }
  const auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(reply.error());
  }
  co_return ToDone(*reply);
}

Task<core::Result<bool>> SharedOnRedis::Delete(std::string key, Deadline deadline) {
  SB_CO_CHECK_OK(CheckKey(key));
  Command command("DEL");
  command.Key(Key('v', key));
  const auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(reply.error());
  }
  co_return ToBool(ToInteger(*reply));
}

Task<core::Result<bool>> SharedOnRedis::CompareAndSet(std::string key,
                                                      std::optional<std::string> expected,
                                                      std::string value, Millis ttl,
                                                      Deadline deadline) {
  SB_CO_CHECK_OK(CheckEntry(key, value, ttl));
  Command command(ScriptName::kCompareAndSet, Key('v', key));
  command.Arg(std::int64_t{expected.has_value()})
      .Arg(expected.value_or(""))
      .Arg(value)
      .Arg(std::int64_t{ttl.count()});
  const auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(reply.error());
  }
  co_return ToBool(ToInteger(*reply));
}

Task<core::Result<std::optional<Lease>>> SharedOnRedis::AcquireLease(std::string name,
                                                                     std::string holder, Millis ttl,
                                                                     Deadline deadline) {
  SB_CO_CHECK_OK(CheckLease(name, holder, ttl));
  Command command(ScriptName::kAcquire, Key('l', name));
  command.Arg(holder).Arg(std::int64_t{ttl.count()});
  const auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(reply.error());
  }
  co_return ToLease(*reply);
}

Task<core::Result<bool>> SharedOnRedis::ReleaseLease(std::string name, std::string holder,
                                                     Deadline deadline) {
  SB_CO_CHECK_OK(CheckLease(name, holder, Millis(1)));
  Command command(ScriptName::kRelease, Key('l', name));
  command.Arg(holder);
  const auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(reply.error());
  }
  co_return ToBool(ToInteger(*reply));
}

Task<core::Status> SharedOnRedis::Publish(std::string channel, std::string text,
                                          Deadline deadline) {
  SB_CO_CHECK_OK(CheckEntry(channel, text, {}));
  Command command("PUBLISH");
  command.Arg(Key('c', channel)).Arg(text);
  const auto reply = co_await One(std::move(command), deadline);
  if (!reply) {
    co_return std::unexpected(reply.error());
  }
  const core::Result<std::int64_t> heard = ToInteger(*reply);
  co_return heard ? core::Status{} : std::unexpected(heard.error());
}

void SharedOnRedis::Subscribe(std::string channel, ChannelListener& listener) {
  subscriber_.Subscribe(std::move(channel), listener);
}

void SharedOnRedis::Unsubscribe(ChannelListener& listener) {
  subscriber_.Unsubscribe(listener);
}

Task<void> SharedOnRedis::Close(Deadline deadline) {
  co_await nodes_.Close(deadline);
  co_await subscriber_.Close(deadline);
}

}  // namespace signalbox::store
