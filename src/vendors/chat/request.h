// A request to a model, whatever dialect it came in.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// A field is unset when its optional is empty or its text or list is. What a dialect has no word
// for is a clear error of its renderer; `extra` goes back to the dialect it came from and to no
// other.
//
// Anthropic Messages: system → messages; max_tokens, top_k, stop_sequences → sampling; thinking →
// reasoning.budget; output_config.effort → reasoning.effort; metadata.user_id → user;
// tool_choice.disable_parallel_tool_use → !parallel_tool_calls; output_format → response_format.
// Gemini: generationConfig → sampling, reasoning (thinkingBudget, thinkingLevel, includeThoughts),
// response_format (responseJsonSchema), output.modalities; safetySettings and cachedContent →
// extra. Responses: input items → messages; instructions → a first message; text.format →
// response_format; text.verbosity → output.verbosity; reasoning.summary → reasoning.summary;
// previous_response_id, include, background → extra.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/message.h"
#include "vendors/chat/raw.h"
#include "vendors/chat/tool.h"

namespace signalbox::chat {

// How the sender called the bound on output.
enum class MaxTokensField : std::uint8_t { kUnstated, kMaxTokens, kMaxCompletionTokens };

struct Sampling {
  std::optional<Number> temperature;
  std::optional<Number> top_p;
  std::optional<Number> top_k;
  std::optional<Number> min_p;
  std::optional<Number> frequency_penalty;
  std::optional<Number> presence_penalty;
  std::optional<Number> repetition_penalty;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> max_output_tokens;
  MaxTokensField max_tokens_field = MaxTokensField::kUnstated;
  std::vector<std::string> stop;
  bool stop_listed = false;  // a list, also when it holds one
  std::optional<std::int64_t> n;
  std::optional<bool> logprobs;
  std::optional<std::int64_t> top_logprobs;
  RawJson logit_bias;
};

struct ReasoningOptions {
  std::string effort;                  // "none", "minimal", "low", …
  bool nested = false;                 // OpenRouter and Responses: inside "reasoning"
  std::optional<std::int64_t> budget;  // tokens
  std::optional<bool> enabled;
  std::optional<bool> hidden;  // think, but do not send the thoughts
  std::string summary;         // "auto", "concise", "detailed"
  Extra extra;                 // of "reasoning"
};

enum class FormatKind : std::uint8_t { kUnset, kText, kJsonObject, kJsonSchema, kRaw };

struct ResponseFormat {
  FormatKind kind = FormatKind::kUnset;
  std::string name;
  std::string description;
  RawJson schema;
  std::optional<bool> strict;
  RawJson json;       // kRaw: the whole format
  Extra extra;        // beside "json_schema"
  Extra inner_extra;  // inside it
};

struct OutputOptions {
  std::vector<std::string> modalities;  // "text", "audio", "image"
  RawJson audio;                        // voice and format
  RawJson prediction;
  std::string verbosity;
};

struct StreamOptions {
  bool stated = false;  // the sender sent the object, if only an empty one
  std::optional<bool> include_usage;
  std::optional<bool> include_obfuscation;
  Extra extra;
};

struct Request {
  std::string dialect;  // that it came in; extras and raw values are for it alone
  std::string model;
  std::vector<Message> messages;
  std::vector<Tool> tools;
  ToolChoice tool_choice;
  std::optional<bool> parallel_tool_calls;
  ResponseFormat response_format;
  Sampling sampling;
  ReasoningOptions reasoning;
  OutputOptions output;
  std::optional<bool> stream;
  StreamOptions stream_options;
  Extra metadata;
  bool metadata_stated = false;  // also when it is empty
  std::string user;
  std::string safety_identifier;
  std::string prompt_cache_key;
  std::string service_tier;
  std::optional<bool> store;
  Extra extra;
};

}  // namespace signalbox::chat
