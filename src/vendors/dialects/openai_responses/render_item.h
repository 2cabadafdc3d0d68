// Parts into contents and items. Internal.
//
// Owner: the renderers of this folder. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::openai_responses {

enum class Side : std::uint8_t {
  kInput,   // what is said to a model; members that say nothing are left out
  kOutput,  // what a model says: members that clients look for are there
};

// A content of a message. `spoken`: the assistant's.
void RenderContent(const chat::Part& part, bool spoken, Side side, bool own, json::Writer& out);
void RenderContents(std::span<const chat::Part> parts, bool spoken, Side side, bool own,
                    json::Writer& out);
// False for a source that this dialect has no word for.
bool IsCitable(const chat::Citation& citation, bool own);
void RenderAnnotation(const chat::Citation& citation, bool own, json::Writer& out);

// The list in log probabilities of OpenAI Chat's form; "[]" when there is none.
chat::RawJson ListedLogprobs(const chat::RawJson& logprobs);

// How many of the parts from `first` on make one item.
std::size_t ItemLength(std::span<const chat::Part> parts);

// A whole item of the output, out of the parts of one. Those without Part::item are of another
// dialect: `id` is theirs then. False, and nothing written, for parts that are no item of ours.
bool RenderOutputItem(std::span<const chat::Part> parts, std::string_view id, bool own,
                      json::Writer& out);

// "msg_<answer>_<index>"; the prefix is the kind's.
std::string MakeId(const chat::Part& part, std::string_view answer_id, std::int64_t index);

}  // namespace signalbox::openai_responses
