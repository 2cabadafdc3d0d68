#include "io/net/resolver.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/async/watch.h"

namespace signalbox::net {
namespace {

using async::Deadline;
using async::Wake;
using core::ErrorCode;
using core::Fail;
using core::MonoTime;

constexpr std::chrono::seconds kShortestTtl{1};
constexpr std::chrono::hours kLongestTtl{1};
constexpr std::chrono::seconds kFailureTtl{1};  // a failed name is asked for again after this
constexpr std::chrono::minutes kNoneTtl{1};     // most names have no IPv6 address
// With addresses of one family, how long those of the other are waited for (RFC 8305 section 3).
constexpr std::chrono::milliseconds kOtherFamily{50};

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

// What is known of a name's addresses of one family.
struct Resolver::Family final : DnsChannel::Listener {
  Family(async::Loop& the_loop, std::chrono::nanoseconds stale_time)
      : loop(the_loop), stale(stale_time) {}

  void OnAnswer(DnsChannel::Answer answer) override {
    pending = false;
    const MonoTime now = loop.now();
    failure = std::move(answer.failure);
    none = answer.none;
    unanswered = answer.unanswered;
    if (answer.addresses.empty()) {
      fresh_until = now + kFailureTtl;
      none_until = now + kNoneTtl;
      return;
    }
    addresses = std::move(answer.addresses);
    fresh_until = now + std::clamp<std::chrono::nanoseconds>(answer.ttl, kShortestTtl, kLongestTtl);
    usable_until = fresh_until + stale;
  }
  bool Usable(MonoTime now) const { return !addresses.empty() && now < usable_until; }
  bool Fresh(MonoTime now) const { return failure.empty() && now < fresh_until; }
  // Whether to ask again. That there are none is believed for longer when there are `others`.
  bool Due(MonoTime now, const Family& others) const {
    const bool enough = none && now < none_until && others.Fresh(now);
    return !pending && now >= fresh_until && !enough;
  }

  async::Loop& loop;
  std::chrono::nanoseconds stale;
  std::vector<IpAddress> addresses;  // the last good answer
  MonoTime fresh_until{};            // of the answer, or of its failure
  MonoTime none_until{};             // that there are none, when there are others
  MonoTime usable_until{};           // of the last good answer when later ones fail
  std::string failure;               // of the last answer
  bool none = false;
  bool unanswered = false;
  bool pending = false;
};

struct Resolver::Entry {
  Entry(async::Loop& loop, std::chrono::nanoseconds stale) : v4(loop, stale), v6(loop, stale) {}

  bool Pending() const { return v4.pending || v6.pending; }
  bool Usable(MonoTime now) const { return v4.Usable(now) || v6.Usable(now); }

  Family v4;
  Family v6;
};

Resolver::Resolver(async::Loop& loop, ResolverOptions options)
    : loop_(loop), options_(std::move(options)) {}
Resolver::~Resolver() = default;

// Asks for what is not known and not under way.
core::Status Resolver::Ask(const std::string& host, Entry& entry) {
  const MonoTime now = loop_.now();
  if (channel_ != nullptr && entry.Pending()) {
    channel_->Process();  // what has come since the last one waited
  }
  // Silent servers may not be the system's any more: the network has changed, and its file with it.
  const bool unanswered = entry.v4.unanswered || entry.v6.unanswered;
  if (channel_ != nullptr && channel_->pending() == 0 && unanswered) {
    channel_.reset();
  }
  for (Family* family : {&entry.v4, &entry.v6}) {
    if (!family->Due(now, family == &entry.v4 ? entry.v6 : entry.v4)) {
      continue;
    }
    if (channel_ == nullptr) {
      channel_ = std::make_unique<DnsChannel>(options_);
    }
    if (!channel_->ok()) {
      return Fail(ErrorCode::kConnectFailed, "the name resolver cannot start");
    }
    family->pending = true;
    channel_->Ask(host, family == &entry.v6, *family);
  }
  return {};
}

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
    slot = std::make_unique<Entry>(loop_, options_.stale);
  }
  Entry& entry = *slot;
  SB_CO_CHECK_OK(Ask(host, entry));
  // An answer that has run out is better than waiting for one that may not come; whoever asks next
  // finds the new one. Otherwise whoever waits turns the channel; several may, each a little.
  MonoTime enough = entry.Usable(loop_.now()) ? loop_.now() : core::kNever;
  for (int turn = 0; entry.Pending() && loop_.now() < enough; ++turn) {
    const auto pause = std::chrono::milliseconds(turn < 20 ? 1 : 10);
    const MonoTime next = loop_.now() + pause;
    const Wake wake = co_await loop_.SleepUntil(deadline.Earlier(next));
    if (wake == Wake::kCancelled || deadline.at <= loop_.now()) {
      co_return std::unexpected(async::ToError(wake == Wake::kCancelled ? wake : Wake::kDeadline));
    }
    if (channel_ != nullptr) {
      channel_->Process();
    }
    if (enough == core::kNever && entry.Usable(loop_.now())) {
      enough = loop_.now() + kOtherFamily;
    }
  }
  co_return Tell(host, entry);
}

// Fresh ones first, and IPv4 before IPv6: a machine without an IPv6 route then loses no time on it.
core::Result<std::vector<IpAddress>> Resolver::Tell(const std::string& host,
                                                    const Entry& entry) const {
  const MonoTime now = loop_.now();
  std::vector<IpAddress> addresses;
  for (const bool fresh : {true, false}) {
    for (const Family* family : {&entry.v4, &entry.v6}) {
      if (family->Usable(now) && family->Fresh(now) == fresh) {
        addresses.insert(addresses.end(), family->addresses.begin(), family->addresses.end());
      }
    }
  }
  if (!addresses.empty()) {
    return addresses;
  }
  const Family& told = entry.v4.none && !entry.v6.none ? entry.v6 : entry.v4;
  const bool unanswered = entry.v4.unanswered || entry.v6.unanswered;
  return Fail(ErrorCode::kConnectFailed,
              fmt::format("the name '{}' cannot be resolved: {}; {}", host, told.failure,
                          unanswered ? "check that this machine has a network and a name server"
                                     : "check the host in base_url"));
}

}  // namespace signalbox::net
