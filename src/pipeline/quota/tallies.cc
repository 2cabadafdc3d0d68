#include "pipeline/quota/tallies.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <string_view>

namespace signalbox::quota {
namespace {

constexpr std::array<std::string_view, kRates> kCodes = {"requests_per_minute", "requests_per_hour",
                                                         "tokens_per_minute", "tokens_per_hour"};

// BLAKE2b with 128 bits (RFC 7693), in hex.
std::string HashOfName(std::string_view name) {
  std::array<unsigned char, 16> digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(name.data()), name.size(), nullptr, 0);
  std::array<char, 2 * digest.size() + 1> hex{};
  return sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
}

}  // namespace

std::string Tallies::NameOf(const Subject& subject, std::size_t rate, std::uint32_t window) {
  std::string code = subject.Code();
  if (!subject.name.empty()) {
    code.resize(code.size() - subject.name.size());
    code += HashOfName(subject.name);
  }
  return fmt::format("rate:{}:{}:{}", kCodes[rate], code, window);
}

void Tallies::TellOf(Subject& subject, const Moment& now, std::vector<Call>& calls) {
  const std::uint32_t holds = subject.holds.load(std::memory_order_acquire);
  LimitSet* limits = subject.limits.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < kRates && limits != nullptr; ++i) {
    if ((holds & 1U << i) == 0) {
      continue;
    }
    const Meter::Seen seen = limits->meters[i].SeenAt(now, kPeriods[i]);
    Heard& heard = heard_[&subject][i];
    if (seen.window > heard.window) {
      heard.amount = 0;
    }
    heard.window =
        seen.window;  // where the clock went back the count moved along, what was heard, too
    const std::chrono::nanoseconds ttl(2 * kPeriods[i]);
    calls.push_back({&subject,
                     i,
                     seen.window,
                     {.key = NameOf(subject, i, seen.window),
                      .teller = life_,
                      .sequence = ++sequence_,
                      .amount = std::max<std::int64_t>(seen.count - heard.amount, 0),
                      .ttl = std::chrono::duration_cast<std::chrono::milliseconds>(ttl)}});
  }
}

void Tallies::Step(const request::Instant& now, std::vector<Call>& calls) {
  const Moment moment = MomentOf(now);
  Forget(moment);
  for (Subject* subject = registry_.lists().touched.Pop(); subject != nullptr;
       subject = registry_.lists().touched.Pop()) {
    TellOf(*subject, moment, calls);
  }
}

void Tallies::Answered(const Call& call, std::int64_t sum, const request::Instant& now) {
  const auto found = heard_.find(call.of);
  if (found == heard_.end()) {
    return;
  }
  Heard& heard = found->second[call.rate];
  const std::int64_t others = std::max<std::int64_t>(sum - call.tally.amount, 0);
  Meter& meter = call.of->limits.load(std::memory_order_acquire)->meters[call.rate];
  if (meter.Hear(call.window, others - heard.amount, MomentOf(now), kPeriods[call.rate])) {
    heard = {call.window, others};
  }
}

void Tallies::Failed(const Call& call) {
  registry_.lists().touched.Push(*call.of);
}

// What was heard of windows that are over; once a minute.
void Tallies::Forget(const Moment& now) {
  if (now.mono - forgot_at_ < kMinute) {
    return;
  }
  forgot_at_ = now.mono;
  std::erase_if(heard_, [&now](const auto& entry) {
    bool over = true;
    for (std::size_t i = 0; i < kRates; ++i) {
      over = over && entry.second[i].window < now.wall / kPeriods[i];
    }
    return over;
  });
}

}  // namespace signalbox::quota
