// One connection to one Redis: bytes out, replies in.
//
// Owner:   a RedisLink. Threads: the loop's.
// Errors:  kUnavailable: cannot be reached, refuses us, broke off, or speaks something else; names
//          the Redis, never a password.
// Cancel:  through the deadlines; then it is good for nothing but closing.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "io/net/client.h"
#include "io/store/redis/options.h"
#include "io/store/redis/reply.h"
#include "io/store/redis/scripts.h"

namespace signalbox::store {

class RedisWire {
 public:
  // Connects, says who we are, chooses the database and hands the scripts over; their names go into
  // `digests`. All of it is answered when this is done.
  static async::Task<core::Result<std::unique_ptr<RedisWire>>> Open(net::Client& client,
                                                                    const RedisOptions& options,
                                                                    ScriptDigests& digests,
                                                                    async::Deadline deadline);

  // One writer and one reader at a time. `bytes` stays until it is done.
  async::Task<core::Status> Write(std::string_view bytes, async::Deadline deadline);
  async::Task<core::Result<Reply>> Read(async::Deadline deadline);

 private:
  explicit RedisWire(std::unique_ptr<net::ClientConnection> connection)
      : connection_(std::move(connection)) {}
  async::Task<core::Status> Greet(const RedisOptions& options, ScriptDigests& digests,
                                  async::Deadline deadline);

  std::unique_ptr<net::ClientConnection> connection_;
  ReplyReader replies_;
};

}  // namespace signalbox::store
