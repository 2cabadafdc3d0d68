#include "surface/cli/exit_status.h"

#include <array>

namespace signalbox::cli {

std::span<const ExitMeaning> ExitMeanings() {
  static constexpr auto kMeanings = std::to_array<ExitMeaning>({
      {kDone, "done"},
      {kFailed, "the call failed, or what was asked about is not well"},
      {kWrongUse, "wrong arguments or configuration; nothing was done"},
      {kNotReached, "no running Signalbox was reached"},
      {kInterrupted, "interrupted (Ctrl-C)"},
  });
  return kMeanings;
}

}  // namespace signalbox::cli
