// Questions to name servers by c-ares, one family of addresses at a time. Internal to the resolver.
//
// Owner:   a Resolver.
// Threads: the loop's.
// Errors:  told to the listener in words; ok() says whether there is a channel at all.
// Cancel:  destroying it answers what is pending with a failure.
//
// Names are looked up seldom and kept, so its sockets are polled by whoever waits instead of being
// watched.
#pragma once

#include <ares.h>

#include <chrono>
#include <string>
#include <vector>

#include "io/net/resolver_options.h"

namespace signalbox::net {

struct IpAddress {
  bool v6 = false;
  unsigned char bytes[16] = {};  // network order; the first 4 for IPv4
};

class DnsChannel {
 public:
  struct Answer {
    std::vector<IpAddress> addresses;
    std::chrono::seconds ttl{0};  // the shortest
    std::string failure;          // why there are none
    bool none = false;            // the name is there and has no address of this family
    bool unanswered = false;      // no server could say
  };
  class Listener {
   public:
    virtual void OnAnswer(Answer answer) = 0;

   protected:
    ~Listener() = default;
  };

  explicit DnsChannel(const ResolverOptions& options);
  ~DnsChannel();
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  bool ok() const { return ok_; }
  int pending() const { return pending_; }

  // `listener` outlives the channel and is told once; perhaps before Ask returns, for a name that
  // /etc/hosts has.
  void Ask(const std::string& name, bool v6, Listener& listener);

  // Takes what has come, and repeats what has waited too long. Never waits.
  void Process();

 private:
  struct Question;
  static void OnAnswer(void* question, int status, int timeouts, ares_addrinfo* result);

  ares_channel channel_ = nullptr;
  bool ok_ = false;
  int pending_ = 0;
};

}  // namespace signalbox::net
