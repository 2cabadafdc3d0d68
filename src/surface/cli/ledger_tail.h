// `signalbox ledger tail`: what was written down about calls, oldest first.
#pragma once

#include <cstdint>
#include <string>

namespace signalbox::cli {

struct LedgerTailArguments {
  std::string data = "./data";
  std::uint32_t count = 0;  // the last so many records; 0: all
  bool follow = false;
  bool json = false;
};

int LedgerTail(const LedgerTailArguments& arguments);

}  // namespace signalbox::cli
