// Names to addresses by c-ares, without blocking the loop.
//
// Owner:   one per worker.
// Threads: the loop's.
// Errors:  kConnectFailed that names the host and the reason.
// Cancel:  a look-up that nobody waits for goes on with the next one who asks.
//
// Answers are kept for their TTL (1 s to 1 h). When a look-up fails, the last good answer is used
// for up to ten minutes more. One look-up per name at a time, whoever asks.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/async/loop.h"
#include "base/core/error.h"

namespace signalbox::net {

struct IpAddress {
  bool v6 = false;
  unsigned char bytes[16] = {};  // network order; the first 4 for IPv4
};

class Resolver {
 public:
  explicit Resolver(async::Loop& loop);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Addresses of `host` (a name or a numeric address), in the order to try.
  async::Task<core::Result<std::vector<IpAddress>>> Resolve(std::string host,
                                                            async::Deadline deadline);

 private:
  class Channel;
  struct Entry;

  async::Loop& loop_;
  std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;
  // Made at the first name that needs one; goes first, because its end answers what is pending.
  std::unique_ptr<Channel> channel_;
};

}  // namespace signalbox::net
