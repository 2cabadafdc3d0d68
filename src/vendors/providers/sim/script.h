// A fault script: which calls the simulated provider answers how, and how it misbehaves.
//
// Owner:   whoever loaded it; shared as a snapshot, never changed.
// Threads: plain data.
// Errors:  all problems of a script at once, each with line and column; then there is no script.
// Cancel:  nothing waits.
//
// docs/sim.md describes every key, configs/sim-faults.yaml shows them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config/problem.h"

namespace signalbox::sim {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Globs know * and ?; an empty one matches everything.
struct Match {
  std::string model;
  std::string path;     // below the base URL, "/chat/completions"
  std::string message;  // text of the last user message
  Pairs headers;        // name in lower case, glob
  std::optional<bool> streamed;
  std::vector<std::uint64_t> nth;  // of the calls that match all the above, from 1
  std::uint64_t every = 0;         // every n-th of them; 0: not asked
  double probability = 1;          // drawn from the script's seed
};

struct RateLimit {
  std::uint32_t requests = 0;
  std::chrono::nanoseconds per{0};
};

struct ErrorText {
  std::string message;
  std::string type;
  std::string code;
  std::string param;
  bool empty() const { return message.empty() && type.empty() && code.empty() && param.empty(); }
};

// How the body ends other than well.
enum class Break : std::uint8_t { kNone, kCut, kReset, kHang, kError };
enum class Malformed : std::uint8_t { kNone, kJson, kSse, kChunking, kUtf8 };

struct ScriptedCall {
  std::string id;  // empty: made up
  std::string name;
  std::string arguments;  // JSON text
};

struct ScriptedAnswer {
  std::string text;
  std::string reasoning;
  std::string refusal;
  std::vector<ScriptedCall> calls;
};

// Counts that replace the true ones; -1: as counted.
struct ScriptedUsage {
  std::int64_t input = -1;
  std::int64_t output = -1;
  std::int64_t cached = -1;
  std::int64_t reasoning = -1;
};

struct Effects {
  std::chrono::nanoseconds delay{0};        // before the head
  std::chrono::nanoseconds first_token{0};  // after the head
  double tokens_per_second = 0;             // 0: as fast as it goes
  int status = 200;
  ErrorText error;
  std::string retry_after;  // the header's value, as it is
  std::optional<RateLimit> rate_limit;
  Break breaks = Break::kNone;
  bool before_head = false;       // of kReset and kHang
  std::uint32_t break_after = 0;  // tokens
  Malformed malformed = Malformed::kNone;
  std::uint32_t slice = 0;           // bytes per piece; 0: as the frames fall
  std::chrono::nanoseconds drip{0};  // between pieces
  std::optional<ScriptedAnswer> answer;
  std::optional<std::string> body;  // sent verbatim
  ScriptedUsage usage;
  std::string finish_reason;
  Pairs headers;
};

struct Rule {
  std::string name;
  Match match;
  Effects effects;
};

struct Script {
  std::uint64_t seed = 0;
  std::vector<Rule> rules;  // the first that fires decides
};

// Reads a script. `name` stands for the file in problems. Nothing when there is any problem.
std::optional<Script> ParseScript(std::string_view name, const std::string& text,
                                  std::vector<config::Problem>& problems);
std::optional<Script> LoadScript(const std::string& path, std::vector<config::Problem>& problems);

}  // namespace signalbox::sim
