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
  bool custom = false;  // of a tool that takes free text
  const chat::ToolCallStart* start = nullptr;
  std::optional<std::string> arguments;
  std::vector<const chat::Member*> unknown;
};

// What goes on from one chunk of a choice to the next: the lists of a delta are numbered.
struct ChoiceMemory {
  std::int64_t choice = 0;
  std::int64_t thought = 0;  // the number of the thought that it is at
  bool thinking = false;
  std::int64_t citations = 0;  // so far
  std::int64_t images = 0;
  std::vector<std::int64_t> custom;  // its calls of tools that take free text
};

// A piece of a thought, and the number of the thought.
struct DetailFragment {
  const chat::ReasoningDelta* delta = nullptr;
  std::int64_t index = 0;
};

// What a batch says about one choice.
struct ChoiceFragment {
  std::int64_t index = 0;
  bool begins = false;
  std::optional<std::string> text;
  std::optional<std::string> thought;
  chat::ReasoningField field = chat::ReasoningField::kUnstated;
  std::vector<DetailFragment> details;
  std::string_view signature;  // of the text
  std::optional<std::string> refusal;
  std::vector<CallFragment> calls;
  std::vector<const chat::Citation*> citations;
  std::int64_t citations_before = 0;  // in earlier chunks
  std::vector<const chat::Part*> images;
  std::int64_t images_before = 0;
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

// Gathers `events`; those of other levels (start, error, end) are left to the renderer. `memory`
// goes on from chunk to chunk.
Chunk GatherChunk(std::span<const chat::Event> events, bool own, std::vector<ChoiceMemory>& memory);

// What a batch says of its stream as a whole.
struct StreamMarks {
  bool starts = false;
  const chat::StreamError* error = nullptr;
  bool ends = false;
};

// Takes a stream's start into `head`.
StreamMarks FindMarks(std::span<const chat::Event> events, chat::StreamStart& head);

// Appends the frames that follow a batch's chunk: an error, then [DONE].
void RenderMarks(const StreamMarks& marks, bool own, std::string& out);

// Ends the frame whose data begins at `begin` of `out`; "data: " stands before it.
void EndFrame(std::size_t begin, std::string& out);
inline constexpr std::string_view kData = "data: ";

// The value of `choices`.
void RenderChoices(const Chunk& chunk, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
