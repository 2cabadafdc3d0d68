#include "pipeline/quota/refusal.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/catalog/money.h"

namespace signalbox::quota {
namespace {

using core::ErrorCode;
using Reason = Refusal::Reason;

std::string Usd(std::int64_t nano) {
  return catalog::UsdText(catalog::NanoUsd{nano});
}

std::string Budget(const Refusal& refusal) {
  return fmt::format("the budget of {} (${} {}{})", refusal.whom->Text(), Usd(refusal.limit),
                     refusal.what == static_cast<std::uint32_t>(Window::kPrepaid) ? "" : "a ",
                     Name(static_cast<Window>(refusal.what)));
}

core::Error Rate(const Refusal& refusal) {
  const auto rate = static_cast<quota::Rate>(refusal.what);
  if (refusal.wait < 0) {
    return {ErrorCode::kRateLimited,
            fmt::format("the request may use up to {} at once, and {} is limited to {} {}; ask for "
                        "less",
                        refusal.wanted, refusal.whom->Text(), refusal.limit, UnitOf(rate)),
            {},
            {}};
  }
  return {ErrorCode::kRateLimited,
          fmt::format("{} is limited to {} {}", refusal.whom->Text(), refusal.limit, UnitOf(rate)),
          {},
          {}};
}

core::Error Explain(const Refusal& refusal) {
  switch (refusal.reason) {
    case Reason::kRate:
      return Rate(refusal);
    case Reason::kConcurrent:
      return {ErrorCode::kRateLimited,
              fmt::format("{} is limited to {} requests at the same time", refusal.whom->Text(),
                          refusal.limit),
              {},
              {}};
    case Reason::kReserved:
    case Reason::kSlice:
      return {ErrorCode::kRateLimited,
              fmt::format("{} is reserved for calls under way; some of it may come back",
                          Budget(refusal)),
              {},
              {}};
    case Reason::kStoreAway:
      return {ErrorCode::kUnavailable,
              fmt::format("{} is shared with other gateways, and the store that they share cannot "
                          "be reached; what this gateway held of it is used up",
                          Budget(refusal)),
              {},
              {}};
    case Reason::kPerRequest:
      return {ErrorCode::kBudgetExceeded,
              fmt::format("the request may cost up to ${}, and one request of {} may cost ${}",
                          Usd(refusal.wanted), refusal.whom->Text(), Usd(refusal.limit)),
              {},
              {}};
    case Reason::kUnknownPrice:
      return {ErrorCode::kForbidden,
              fmt::format("what the model costs is not known, and {} has a budget: state its price "
                          "under `catalog`, or let the budget take any price (its any_price, or "
                          "budgets.unknown_price for those of the configuration)",
                          refusal.whom->Text()),
              {},
              {}};
    default:
      return {ErrorCode::kBudgetExceeded,
              fmt::format("{} is spent: the request may cost up to ${}", Budget(refusal),
                          Usd(refusal.wanted)),
              {},
              {}};
  }
}

}  // namespace

core::Error ErrorOf(const Refusal& refusal) {
  core::Error error = Explain(refusal);
  if (refusal.wait >= 0) {
    error.retry_after =
        std::chrono::seconds(std::max<std::int64_t>((refusal.wait + kSecond - 1) / kSecond, 1));
  }
  return error;
}

}  // namespace signalbox::quota
