#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

std::string_view Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kCancelled:
      return "cancelled";
    case Outcome::kUncertain:
      return "uncertain";
  }
  return "unknown";
}

std::string_view Name(UsageSource source) {
  switch (source) {
    case UsageSource::kNone:
      return "nobody";
    case UsageSource::kVendor:
      return "vendor";
    case UsageSource::kCounted:
      return "counted";
    case UsageSource::kEstimated:
      return "estimated";
  }
  return "unknown";
}

}  // namespace signalbox::ledger
