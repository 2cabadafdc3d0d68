// `signalbox models test`: one tiny request per model to a running Signalbox, several at a time.
//
// Threads: the main thread. Errors: in the table and the exit status: 1 when a model failed.
// Cancel: Ctrl-C ends the program; each request has its own time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "surface/cli/server_link.h"
#include "surface/cli/terminal.h"
#include "vendors/chat/usage.h"

namespace signalbox::cli {

struct TrialArguments {
  ServerArguments server;
  std::vector<std::string> models;  // none: every one that the server lists, but sim's
  std::uint32_t parallel = 4;
  std::uint32_t seconds = 60;  // for each
  bool json = false;
};

int TryModels(const TrialArguments& arguments);

// What came of one.
struct Trial {
  enum class State { kWell, kFailed, kSkipped };
  std::string model;     // as asked
  std::string provider;  // that answered
  std::string answered;  // its name for the model
  std::string cost;      // US dollars; empty: unknown
  std::string said;      // why not, and what to do
  chat::Usage usage;
  std::chrono::nanoseconds time{0};
  int status = 0;       // of the answer; 0: none
  bool reached = true;  // false: no connection to the Signalbox came about
  State state = State::kFailed;
};

std::string TrialsText(const std::vector<Trial>& trials, const Terminal& terminal);
std::string TrialsJson(const std::vector<Trial>& trials);

// The request that tries `model`, or why it cannot be tried.
struct TrialRequest {
  std::string path;
  std::string body;
  std::string skipped;
};
TrialRequest RequestFor(const std::string& model);

}  // namespace signalbox::cli
