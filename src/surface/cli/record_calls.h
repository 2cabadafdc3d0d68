// `signalbox ledger show|reconcile` and `erase`: single requests, and names taken out.
//
// Owner: the command, on the main thread. Threads: that one.
// Errors: on standard error, with the exit status.
// Cancel: an erasure that was broken off is begun anew; what is done stays done.
#pragma once

#include <cstdint>
#include <string>

#include "base/core/error.h"
#include "surface/cli/exit_status.h"
#include "surface/cli/server_link.h"
#include "surface/cli/terminal.h"

namespace signalbox::cli {

struct RecordArguments {
  ServerArguments server;
  std::string id;
  std::uint32_t attempt = 1;
  std::string outcome;
  std::string cost;
  std::string input_tokens;
  std::string output_tokens;
  std::string end_user;  // of these three one is given
  std::string user;
  std::string key;
  std::string tenant;
  bool json = false;
};

int RequestShow(const RecordArguments& arguments);
int RequestReconcile(const RecordArguments& arguments);
// Turn after turn until nothing is left, then says how much it was.
int Erase(const RecordArguments& arguments);

// A request's story, {"request_id":…,"attempts":[…]}, as lines and a table.
core::Result<std::string> StoryText(std::string_view body, const Terminal& terminal);

}  // namespace signalbox::cli
