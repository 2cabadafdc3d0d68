#include "surface/cli/ledger_tail.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "pipeline/ledger/print.h"
#include "pipeline/ledger/reader.h"
#include "surface/cli/exit_status.h"

namespace signalbox::cli {
namespace {

constexpr std::chrono::milliseconds kFollowInterval{200};

}  // namespace

int LedgerTail(const LedgerTailArguments& arguments) {
  ledger::Reader reader(arguments.data);
  std::string line;
  const auto print = [&](const ledger::Record& record) {
    line.clear();
    if (arguments.json) {
      PrintJson(record, line);
    } else {
      PrintLine(record, line);
    }
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
  };
  auto read = arguments.count == 0 ? reader.Poll(print) : reader.Tail(arguments.count, print);
  while (read && arguments.follow && std::ferror(stdout) == 0) {
    std::fflush(stdout);
    std::this_thread::sleep_for(kFollowInterval);
    read = reader.Poll(print);
  }
  if (!read) {
    fmt::print(stderr, "signalbox ledger tail: {}\n", read.error().message);
    return kFailed;
  }
  if (reader.damaged_bytes() != 0) {
    fmt::print(stderr, "signalbox ledger tail: {} damaged bytes were skipped\n",
               reader.damaged_bytes());
    return kFailed;
  }
  return kDone;
}

}  // namespace signalbox::cli
