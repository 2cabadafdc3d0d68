// A model's answer as it comes, whatever dialect it came in: a sequence of small events.
//
// Owner: whoever parsed it. Threads: plain data. Errors: StreamError is one. Cancel: nothing to
// undo.
//
// Order: StreamStart; per choice ChoiceStart, deltas, Finish; UsageReport; StreamEnd. Deltas of
// different choices and calls may interleave. One upstream frame gives a handful of events, which
// travel as a batch, so that a frame in is a frame out.
//
// Anthropic: message_start → StreamStart, ChoiceStart, UsageReport; content_block_delta → the delta
// of its kind (signature_delta: ReasoningDelta.signature); input_json_delta → ToolCallArguments;
// message_delta → Finish, UsageReport; message_stop → StreamEnd. Gemini: a functionCall part is
// start, arguments, end at once; the stream's end is StreamEnd. Responses: output_item.added and
// .done frame the calls; response.completed → Finish, UsageReport, StreamEnd.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vendors/chat/part.h"
#include "vendors/chat/raw.h"
#include "vendors/chat/response.h"
#include "vendors/chat/vendor_error.h"

namespace signalbox::chat {

// Who answers. Comes again when something in it changes (Azure's first frame has no id).
struct StreamStart {
  std::string id;
  std::string model;
  std::optional<std::int64_t> created;  // seconds since 1970
  std::string service_tier;
  std::string system_fingerprint;

  friend bool operator==(const StreamStart&, const StreamStart&) = default;
};

struct ChoiceStart {};  // the assistant begins to speak

struct TextDelta {
  std::string text;
  std::string signature = {};  // Gemini's thoughtSignature, whole, in one delta
};

struct ReasoningDelta {
  std::string text;
  std::string signature;  // whole, in one delta
  std::string redacted;   // whole, in one delta
  ReasoningField field = ReasoningField::kUnstated;
  std::string id = {};      // Responses' item id, in the first delta
  bool summary = false;     // the vendor's summary of the thought
  std::string format = {};  // as Reasoning has them
  RawJson detail = {};
};

struct RefusalDelta {
  std::string text;
};

// `call` counts the calls of one choice from 0.
struct ToolCallStart {
  std::int64_t call = 0;
  std::string id;
  std::string name;
  CallKind kind = CallKind::kFunction;
  std::string signature;
  Extra extra = {};  // of the part: who called, item ids, …
};

struct ToolCallArguments {
  std::int64_t call = 0;
  std::string text;
};

struct ToolCallEnd {
  std::int64_t call = 0;
  RawJson item = {};  // as PartEnd has it
};

struct CitationDelta {
  Citation citation;
};

struct AudioDelta {
  std::string id;
  std::string data;  // Base64
  std::string transcript;
  std::optional<std::int64_t> expires_at;
};

// A part that comes at once: a picture, a block of a server's tool.
struct WholePart {
  Part part;
};

// What was being spoken is complete: a delta of the same kind that follows begins a new part. May
// come again for the same part, with more to say.
struct PartEnd {
  RawJson item = {};  // Part::item of what was being spoken
  Extra extra = {};   // of the part
};

struct LogprobsDelta {
  RawJson logprobs;
};

struct Finish {
  FinishReason reason = FinishReason::kStop;
  std::string text;                // the vendor's own word; empty: none
  std::string stop_sequence = {};  // the one that was hit, where the vendor tells
};

// The upstream gave up in the middle. Nothing but StreamEnd follows.
using StreamError = VendorError;

struct StreamEnd {};

// A member that the canonical form has no event for; goes back out where it came in.
enum class Level : std::uint8_t { kFrame, kChoice, kDelta, kToolCall };
struct UnknownMember {
  Level level = Level::kFrame;
  std::int64_t call = 0;  // kToolCall
  Member member;
};

struct Event {
  std::int64_t choice = 0;
  std::variant<StreamStart, ChoiceStart, TextDelta, ReasoningDelta, RefusalDelta, ToolCallStart,
               ToolCallArguments, ToolCallEnd, CitationDelta, AudioDelta, WholePart, PartEnd,
               LogprobsDelta, Finish, UsageReport, StreamError, StreamEnd, UnknownMember>
      what;
};

using EventBatch = std::vector<Event>;

}  // namespace signalbox::chat
