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

}  // namespace signalbox::ledger
