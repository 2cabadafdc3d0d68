// Names to addresses, without blocking the loop.
//
// Owner:   one per worker.
// Threads: the loop's.
// Errors:  kConnectFailed that names the host, the reason and what to look at.
// Cancel:  a look-up that nobody waits for goes on with the next one who asks.
//
// Answers are kept for their TTL (1 s to 1 h), those for IPv4 and for IPv6 each on its own: a
// server that is silent about one does not hold up the other. When a look-up fails, the last good
// answer is used for `stale` more, and at once while it is looked up again. One look-up per name
// and family at a time, whoever asks.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/async/loop.h"
#include "base/core/error.h"
#include "io/net/dns_channel.h"
#include "io/net/resolver_options.h"

namespace signalbox::net {

class Resolver {
 public:
  explicit Resolver(async::Loop& loop, ResolverOptions options = {});
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Addresses of `host` (a name or a numeric address), in the order to try.
  async::Task<core::Result<std::vector<IpAddress>>> Resolve(std::string host,
                                                            async::Deadline deadline);

 private:
  struct Family;
  struct Entry;

  core::Status Ask(const std::string& host, Entry& entry);
  core::Result<std::vector<IpAddress>> Tell(const std::string& host, const Entry& entry) const;

  async::Loop& loop_;
  ResolverOptions options_;
  std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;
  // Made at the first name that needs one; goes first, because its end answers what is pending.
  std::unique_ptr<DnsChannel> channel_;
};

}  // namespace signalbox::net
