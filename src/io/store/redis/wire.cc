#include "io/store/redis/wire.h"

#include <array>
#include <vector>

#include "io/store/redis/answer.h"
#include "io/store/redis/command.h"

namespace signalbox::store {
namespace {

using async::Deadline;
using async::Task;

constexpr std::size_t kRoom = 16 * 1024;

std::vector<Command> Greeting(const RedisOptions& options) {
  std::vector<Command> commands;
  if (!options.password.empty()) {
    Command& auth = commands.emplace_back("AUTH");
    if (!options.user.empty()) {
      auth.Arg(options.user);
    }
    auth.Arg(options.password);
  }
  if (options.database != 0) {
    commands.emplace_back("SELECT").Arg(std::int64_t{options.database});
  }
  return commands;
}

}  // namespace

Task<core::Result<std::unique_ptr<RedisWire>>> RedisWire::Open(net::Client& client,
                                                               const RedisOptions& options,
                                                               ScriptDigests& digests,
                                                               Deadline deadline) {
  auto connected = co_await client.Connect(deadline);
  if (!connected) {
    co_return std::unexpected(std::move(connected).error());
  }
  std::unique_ptr<RedisWire> wire(new RedisWire(*std::move(connected)));
  const core::Status greeted = co_await wire->Greet(options, digests, deadline);
  if (!greeted) {
    co_return std::unexpected(greeted.error());
  }
  co_return wire;
}

Task<core::Status> RedisWire::Greet(const RedisOptions& options, ScriptDigests& digests,
                                    Deadline deadline) {
  const std::vector<Command> commands = Greeting(options);
  std::string bytes;
  for (const Command& command : commands) {
    command.AppendTo(bytes);
  }
  for (const ScriptName script : kScripts) {
    Command("SCRIPT").Arg("LOAD").Arg(ScriptText(script)).AppendTo(bytes);
  }
  const core::Status written = co_await Write(bytes, deadline);
  if (!written) {
    co_return written;
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    auto reply = co_await Read(deadline);
    if (!reply) {
      co_return std::unexpected(std::move(reply).error());
    }
    SB_CO_CHECK_OK(ToDone(*reply));
  }
  for (const ScriptName script : kScripts) {
    auto reply = co_await Read(deadline);
    if (!reply) {
      co_return std::unexpected(std::move(reply).error());
    }
    // Whoever may not load scripts sends their text each time.
    if (reply->IsError() && !reply->text.starts_with("NOPERM")) {
      co_return std::unexpected(ToError(reply->text));
    }
    digests[static_cast<std::size_t>(script)] = reply->IsError() ? "" : std::move(reply->text);
  }
  co_return core::Status{};
}

Task<core::Status> RedisWire::Write(std::string_view bytes, Deadline deadline) {
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  std::span<iovec> pieces(&piece, 1);
  co_return co_await connection_->stream().WriteRest(pieces, std::chrono::hours(1), deadline);
}

Task<core::Result<Reply>> RedisWire::Read(Deadline deadline) {
  std::array<char, kRoom> room;
  while (true) {
    SB_CO_TRY(auto reply, replies_.Next());
    if (reply) {
      co_return *std::move(reply);
    }
    const auto got = co_await connection_->stream().Read(room, deadline);
    if (!got) {
      co_return std::unexpected(got.error());
    }
    if (*got == 0) {
      co_return core::Fail(core::ErrorCode::kUpstreamFailed, "it closed the connection");
    }
    SB_CO_CHECK_OK(replies_.Feed(std::span(room).first(*got)));
  }
}

}  // namespace signalbox::store
