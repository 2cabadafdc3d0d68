// One JSON text of an answer: a line of a stream, or the whole. Both forms of Ollama's API, both
// ways: what the parsers and the renderers of answers and streams have in common.
//
// Owner: the caller. Threads: plain data. Errors: kUpstreamProtocol for what is no JSON object.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/ollama/dialect.h"

namespace signalbox::ollama {

struct Frame {
  std::string model;
  chat::RawJson created_at;  // as it is written, with its quotes
  std::string text;
  std::string thinking;
  std::vector<chat::Part> images;
  std::vector<chat::Part> calls;  // ids may be empty
  bool answered = false;          // there is a `message` or a `response`
  bool done = false;
  std::string done_reason;
  std::int64_t input = -1;   // tokens; -1: not stated
  std::int64_t output = -1;  // tokens; -1: not stated
  chat::RawJson logprobs;    // Ollama's list
  chat::Extra message_extra;
  chat::Extra extra;  // durations, context, …

  // Whether a line that is not the last has anything to say.
  bool Says() const {
    return !text.empty() || !thinking.empty() || !images.empty() || !calls.empty() ||
           !logprobs.empty() || !message_extra.empty() || !extra.empty();
  }
};

core::Status ParseFrame(const json::Value& value, Frame& out);

// Appends `frame` to `out`; its extras are those of this dialect (`own`) or empty.
void RenderFrame(const Frame& frame, Form form, bool own, std::string& out);

// Ollama's list of log probabilities in the form of OpenAI Chat, which is the canonical one, and
// back; empty for what is none.
chat::RawJson ToCanonicalLogprobs(std::string_view list);
chat::RawJson FromCanonicalLogprobs(std::string_view logprobs);

}  // namespace signalbox::ollama
