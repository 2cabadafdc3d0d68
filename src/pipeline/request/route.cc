#include "pipeline/request/route.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace signalbox::request {
namespace {

constexpr std::uint64_t kHeaviest = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t kOne = 1 << 20;  // a weight of one; what is less than one is a share of it

std::uint16_t NextStage(const Route& route) {
  return static_cast<std::uint16_t>(route.empty() ? 0 : route.back().stage + 1);
}

Choice* Find(Route& route, const Target& target) {
  const auto found = std::ranges::find(route, target, &Choice::target);
  return found == route.end() ? nullptr : &*found;
}

// A place of the shared stage; its weight in parts of kOne.
struct Portion {
  Target target;
  std::uint64_t weight = 0;
};

void AddPortion(const Target& target, std::uint64_t weight, std::vector<Portion>& out) {
  const auto same = std::ranges::find(out, target, &Portion::target);
  if (same == out.end()) {
    out.push_back({target, weight});
  } else {
    same->weight += weight;
  }
}

// Of the first stage together, at least 1.
std::uint64_t FirstWeights(const Route& route) {
  std::uint64_t sum = 0;
  for (const Choice& choice : route) {
    sum += choice.stage == route.front().stage ? choice.weight : 0;
  }
  return std::max<std::uint64_t>(sum, 1);
}

std::vector<Portion> Divide(const std::vector<Share>& shares) {
  std::vector<Portion> out;
  for (const Share& share : shares) {
    const std::uint64_t whole = FirstWeights(share.route);
    for (const Choice& choice : share.route) {
      if (choice.stage == share.route.front().stage) {
        AddPortion(choice.target, std::uint64_t{share.weight} * choice.weight * kOne / whole, out);
      }
    }
  }
  return out;
}

// A whole weight of the same proportion, as far as 16 bits can tell.
std::uint16_t Reduce(std::uint64_t weight, std::uint64_t divisor, std::uint64_t largest) {
  weight /= divisor;
  largest /= divisor;
  return static_cast<std::uint16_t>(
      largest <= kHeaviest ? weight : std::max<std::uint64_t>(1, weight * kHeaviest / largest));
}

}  // namespace

void Append(const Route& more, Route& route) {
  const std::uint16_t base = NextStage(route);
  std::uint16_t stage = base;
  std::uint16_t theirs = more.empty() ? 0 : more.front().stage;
  for (const Choice& choice : more) {
    if (Find(route, choice.target) != nullptr) {
      continue;
    }
    if (choice.stage != theirs && NextStage(route) > stage) {
      stage = NextStage(route);
    }
    theirs = choice.stage;
    route.push_back({choice.target, stage, choice.weight});
  }
}

void AppendShared(const std::vector<Share>& shares, Route& route) {
  const std::vector<Portion> portions = Divide(shares);
  std::uint64_t divisor = 0;
  std::uint64_t largest = 0;
  for (const Portion& portion : portions) {
    divisor = std::gcd(divisor, portion.weight);
    largest = std::max(largest, portion.weight);
  }
  divisor = divisor % kOne == 0 ? kOne : divisor;  // whole weights stay as they were written
  Route first;
  for (const Portion& portion : portions) {
    first.push_back({portion.target, 0, Reduce(portion.weight, divisor, largest)});
  }
  Append(first, route);
  for (const Share& share : shares) {
    Append(share.route, route);  // its first stage is there already
  }
}

}  // namespace signalbox::request
