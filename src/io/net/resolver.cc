#include "io/net/resolver.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/async/watch.h"

namespace signalbox::net {
namespace {

using async::Deadline;
using async::Wake;
using core::ErrorCode;
using core::Fail;

constexpr std::chrono::seconds kShortestTtl{1};
constexpr std::chrono::hours kLongestTtl{1};
constexpr std::chrono::minutes kStale{10};
constexpr std::chrono::seconds kFailureTtl{1};  // a failed name is asked for again after this
constexpr int kTryMillis = 2000;
constexpr int kTries = 2;

std::optional<IpAddress> ParseNumeric(const std::string& host) {
  IpAddress address;
  if (inet_pton(AF_INET, host.c_str(), address.bytes) == 1) {
    return address;
  }
  address.v6 = true;
  return inet_pton(AF_INET6, host.c_str(), address.bytes) == 1 ? std::optional(address)
                                                               : std::nullopt;
}

}  // namespace

struct Resolver::Entry {
  async::Loop& loop;
  std::string host;
  std::vector<IpAddress> addresses{};  // the last good answer
  core::MonoTime fresh_until{};        // of the answer, or of its failure
  core::MonoTime usable_until{};       // of the last good answer when later ones fail
  std::string failure;
  bool pending = false;
};

// The c-ares channel. Names are looked up seldom and kept, so its sockets are polled on a short
// tick while something is asked for, instead of being watched.
class Resolver::Channel {
 public:
  Channel() {
    ares_library_init(ARES_LIB_INIT_ALL);
    ares_options options{};
    options.timeout = kTryMillis;
    options.tries = kTries;
    ok_ =
        ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) == ARES_SUCCESS;
  }
  ~Channel() {
    if (ok_) {
      ares_destroy(channel_);
    }
    ares_library_cleanup();
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  bool ok() const { return ok_; }

  void Query(Entry& entry) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel_, entry.host.c_str(), nullptr, &hints, &OnAnswer, &entry);
  }

  void Process() {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets;
    const int bits = ares_getsock(channel_, sockets.data(), static_cast<int>(sockets.size()));
    for (unsigned i = 0; i < sockets.size(); ++i) {
      const bool reads = ARES_GETSOCK_READABLE(bits, i) != 0;
      const bool writes = ARES_GETSOCK_WRITABLE(bits, i) != 0;
      if (!reads && !writes) {
        break;
      }
      pollfd state{.fd = sockets[i],
                   .events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)),
                   .revents = 0};
      if (poll(&state, 1, 0) == 1) {
        ares_process_fd(
            channel_,
            (state.revents & (POLLIN | POLLERR | POLLHUP)) != 0 ? sockets[i] : ARES_SOCKET_BAD,
            (state.revents & POLLOUT) != 0 ? sockets[i] : ARES_SOCKET_BAD);
      }
    }
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // time-outs
  }

 private:
  static void OnAnswer(void* argument, int status, int, ares_addrinfo* result) {
    auto& entry = *static_cast<Entry*>(argument);
    const core::MonoTime now = entry.loop.now();
    entry.pending = false;
    if (status == ARES_SUCCESS && result->nodes != nullptr) {
      Take(*result, now, entry);
    } else {
      entry.failure = ares_strerror(status);
      entry.fresh_until = now + kFailureTtl;
    }
    if (result != nullptr) {
      ares_freeaddrinfo(result);
    }
  }

  static void Take(const ares_addrinfo& result, core::MonoTime now, Entry& entry) {
    std::chrono::seconds ttl = kLongestTtl;
    entry.addresses.clear();
    entry.failure.clear();
    for (const ares_addrinfo_node* node = result.nodes; node != nullptr; node = node->ai_next) {
      IpAddress address;
      address.v6 = node->ai_family == AF_INET6;
      if (address.v6) {
        const auto* peer = reinterpret_cast<const sockaddr_in6*>(node->ai_addr);
        std::memcpy(address.bytes, &peer->sin6_addr, 16);
      } else {
        const auto* peer = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
        std::memcpy(address.bytes, &peer->sin_addr, 4);
      }
      ttl = std::min(ttl, std::chrono::seconds(node->ai_ttl));
      entry.addresses.push_back(address);
    }
    // IPv4 first: a machine without an IPv6 route then does not lose time on it.
    std::ranges::partition(entry.addresses, std::not_fn(&IpAddress::v6));
    entry.fresh_until = now + std::max<std::chrono::seconds>(ttl, kShortestTtl);
    entry.usable_until = entry.fresh_until + kStale;
  }

  ares_channel channel_ = nullptr;
  bool ok_ = false;
};

Resolver::Resolver(async::Loop& loop) : loop_(loop) {}
Resolver::~Resolver() = default;

async::Task<core::Result<std::vector<IpAddress>>> Resolver::Resolve(std::string host,
                                                                    Deadline deadline) {
  if (const auto numeric = ParseNumeric(host)) {
    co_return std::vector{*numeric};
  }
  // Always this machine, whatever a file or a server says (RFC 6761 section 6.3).
  if (host == "localhost" || host.ends_with(".localhost")) {
    co_return std::vector{*ParseNumeric("127.0.0.1"), *ParseNumeric("::1")};
  }
  auto& slot = entries_[host];
  if (slot == nullptr) {
    slot = std::make_unique<Entry>(loop_, host);
  }
  Entry& entry = *slot;
  if (entry.fresh_until <= loop_.now() && !entry.pending) {
    if (channel_ == nullptr) {
      channel_ = std::make_unique<Channel>();
    }
    if (!channel_->ok()) {
      co_return Fail(ErrorCode::kConnectFailed, "the name resolver cannot start");
    }
    entry.pending = true;
    channel_->Query(entry);
  }
  // An answer that has run out is better than waiting for one that may not come; whoever asks next
  // finds the new one.
  if (entry.pending && !entry.addresses.empty() && loop_.now() < entry.usable_until) {
    channel_->Process();
    co_return entry.addresses;
  }
  // Whoever waits turns the channel; several may, each a little.
  for (int turn = 0; entry.pending; ++turn) {
    const auto pause = std::chrono::milliseconds(turn < 20 ? 1 : 10);
    const core::MonoTime next = loop_.now() + pause;
    const Wake wake = co_await loop_.SleepUntil(deadline.Earlier(next));
    if (wake == Wake::kCancelled || deadline.at <= loop_.now()) {
      co_return std::unexpected(async::ToError(wake == Wake::kCancelled ? wake : Wake::kDeadline));
    }
    channel_->Process();
  }
  if (entry.failure.empty() || loop_.now() < entry.usable_until) {
    co_return entry.addresses;
  }
  co_return Fail(ErrorCode::kConnectFailed,
                 "the name '" + host + "' cannot be resolved: " + entry.failure);
}

}  // namespace signalbox::net
