// One chunk in the making: events gathered by choice, then written.
//
// Owner: the stream renderer, one per batch. Threads: none of its own. Errors: none.
// Cancel: nothing to undo. Views are into the events, which must stay until it is written.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/event.h"

namespace signalbox::openai_chat {

// What a batch says about one tool call.
struct CallFragment {
  std::int64_t call = 0;
  const chat::ToolCallStart* start = nullptr;
  std::optional<std::string> arguments;
  std::vector<const chat::Member*> unknown;
};

// What a batch says about one choice.
struct ChoiceFragment {
  std::int64_t index = 0;
  bool begins = false;
  std::optional<std::string> text;
  std::optional<std::string> thought;
  chat::ReasoningField field = chat::ReasoningField::kUnstated;
  std::optional<std::string> refusal;
  std::vector<CallFragment> calls;
  std::vector<const chat::Citation*> citations;
  const chat::AudioDelta* audio = nullptr;
  const chat::LogprobsDelta* logprobs = nullptr;
  const chat::Finish* finish = nullptr;
  std::vector<const chat::Member*> delta_unknown;
  std::vector<const chat::Member*> unknown;
};

struct Chunk {
  std::vector<ChoiceFragment> choices;
  const chat::UsageReport* usage = nullptr;
  std::vector<const chat::Member*> unknown;

  bool empty() const { return choices.empty() && usage == nullptr && unknown.empty(); }
};

// Gathers `events`; those of other levels (start, error, end) are left to the renderer.
Chunk GatherChunk(std::span<const chat::Event> events, bool own);

// What a batch says of its stream as a whole.
struct StreamMarks {
  const chat::StreamError* error = nullptr;
  bool ends = false;
};

// Takes a stream's start into `head`.
StreamMarks FindMarks(std::span<const chat::Event> events, chat::StreamStart& head);

// Appends the frames that follow a batch's chunk: an error, then [DONE].
void RenderMarks(const StreamMarks& marks, std::vector<std::string>& frames);

// The value of `choices`.
void RenderChoices(const Chunk& chunk, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
