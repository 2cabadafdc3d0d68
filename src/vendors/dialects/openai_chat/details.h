// OpenRouter's reasoning_details: thoughts with what their makers want back unchanged. A list of
// {"type":"reasoning.text","text","signature"}, {"type":"reasoning.summary","summary"} and
// {"type":"reasoning.encrypted","data"}, each with "format" (who made it), "id" and "index".
//
// Owner: the caller. Threads: any. Errors: none; what is not understood is not taken.
// Cancel: nothing to undo.
// Source: OpenRouter's documentation, reasoning tokens; recordings.
//
// Each element stays as it was written (`detail`), so that it goes out again as it came.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/event.h"
#include "vendors/chat/part.h"

namespace signalbox::openai_chat {

inline constexpr std::string_view kDetails = "reasoning_details";

struct Detail {
  chat::Reasoning thought;
  std::int64_t index = 0;
};

// The elements; empty when one of them is not understood, or when there is none.
std::vector<Detail> ParseDetails(const json::Value& list);

// Pieces of one thought put together: fragments of a stream whose frames somebody kept as they
// came, and Responses' summary with the encrypted thought that it sums up.
std::vector<chat::Reasoning> JoinDetails(std::vector<Detail> details);

// Whether `next` goes on with the thought that `last` is of.
bool GoesOn(const Detail& last, const Detail& next);

// The elements for a thought that has no `detail`.
void RenderDetail(const chat::Reasoning& thought, std::int64_t index, json::Writer& out);
void RenderDetail(const chat::ReasoningDelta& delta, std::int64_t index, json::Writer& out);

}  // namespace signalbox::openai_chat
