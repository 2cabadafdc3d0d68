// A model's whole answer, whatever dialect it came in.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// Anthropic and Responses have one choice; Responses' output items are its parts in order; Gemini's
// candidates are choices, its STOP with a functionCall is kToolCalls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/part.h"
#include "vendors/chat/raw.h"
#include "vendors/chat/usage.h"

namespace signalbox::chat {

enum class FinishReason : std::uint8_t {
  kUnset,
  kStop,    // the end of the turn, or a stop sequence
  kLength,  // max output tokens, or the context is full
  kToolCalls,
  kContentFilter,  // the vendor's filter (Gemini: SAFETY, RECITATION, …)
  kRefusal,        // the model declined (Anthropic: refusal)
  kPause,          // the vendor wants to be asked to go on (Anthropic: pause_turn)
  kError,          // the vendor broke off
  kOther,
};

// What the vendor says was used. `tokens` counts as usage.h says: cached ones in the input,
// reasoning in the output. Counts are tokens; -1: not stated.
struct UsageReport {
  Usage tokens;
  std::int64_t total = -1;
  std::int64_t accepted_prediction = -1;
  std::int64_t rejected_prediction = -1;
  Extra extra;         // cost, times, cache hits and misses, …
  Extra input_extra;   // of the input's details
  Extra output_extra;  // of the output's details
};

struct Choice {
  std::int64_t index = 0;
  std::vector<Part> parts;  // reasoning, text, refusal, media, tool calls
  bool listed = false;      // the content was written as a list of parts
  FinishReason finish = FinishReason::kUnset;
  std::string finish_text;    // the vendor's own word for it
  std::string stop_sequence;  // the one that was hit, where the vendor tells
  RawJson logprobs;
  Extra message_extra;
  Extra extra;
};

struct Response {
  std::string dialect;  // that it came in; extras and raw values are for it alone
  std::string id;
  std::string model;
  std::optional<std::int64_t> created;  // seconds since 1970
  std::vector<Choice> choices;
  std::optional<UsageReport> usage;
  std::string service_tier;
  std::string system_fingerprint;
  Extra extra;
};

}  // namespace signalbox::chat
