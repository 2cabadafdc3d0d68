// One piece of a message: what people, models and tools say to each other, in the order they say
// it.
//
// Owner: the message. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// Where the dialects map: OpenAI Chat keeps reasoning, refusal and tool calls beside `content`;
// Anthropic's content blocks, Gemini's parts and the items of OpenAI Responses are parts one to one
// (thinking and redacted_thinking, thoughtSignature, encrypted reasoning items: Reasoning;
// tool_use, functionCall, function_call: ToolCall; tool_result, functionResponse,
// function_call_output: ToolResult; server-tool blocks: RawPart).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vendors/chat/raw.h"

namespace signalbox::chat {

// A source that the text before it rests on.
struct Citation {
  std::string type;  // "url_citation", "file_citation", "char_location", … as the vendor names it
  std::string url;
  std::string title;
  std::optional<std::int64_t> start;  // characters of the text that it supports
  std::optional<std::int64_t> end;
  Extra extra;  // cited text, document index, encrypted index, …
  friend bool operator==(const Citation&, const Citation&) = default;
};

struct Text {
  std::string text;
  std::vector<Citation> citations;
  std::string signature = {};  // Gemini's thoughtSignature
  friend bool operator==(const Text&, const Text&) = default;
};

struct Refusal {
  std::string text;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// Where OpenAI-like vendors put reasoning. kUnstated: from elsewhere; rendered as
// kReasoningContent.
enum class ReasoningField : std::uint8_t {
  kUnstated,
  kReasoningContent,  // DeepSeek, Alibaba, Moonshot, xAI
  kReasoning,         // OpenRouter, Groq, Ollama, Cerebras
  kThinkingPart,      // Mistral: a content part of type "thinking"
  kToolPlan,          // Cohere's tool_plan, said before calls; elsewhere like kUnstated
};

// What the model thought. `signature` and `redacted` must go back unchanged, or the vendor refuses.
struct Reasoning {
  std::string text;
  std::string signature;  // Anthropic's signature, Gemini's thoughtSignature
  std::string redacted;   // Anthropic's redacted_thinking data, Responses' encrypted_content
  std::string id;         // Responses' item id
  bool summary = false;   // the vendor's summary of the thought
  ReasoningField field = ReasoningField::kUnstated;
  // Who made signature and redacted, in OpenRouter's words: "anthropic-claude-v1",
  // "google-gemini-v1", "openai-responses-v1", …; empty: the vendor that the dialect belongs to.
  std::string format = {};
  RawJson detail = {};  // OpenRouter: its elements of reasoning_details, commas between
  friend bool operator==(const Reasoning&, const Reasoning&) = default;
};

enum class MediaKind : std::uint8_t { kImage, kAudio, kDocument, kVideo };

// One of `url`, `data`, `file_id` says where it is; audio that a model spoke has data and id.
struct Media {
  MediaKind kind = MediaKind::kImage;
  std::string url;   // https:, gs:, s3:
  std::string data;  // Base64 as it was sent, without a data: prefix
  std::string file_id;
  std::string media_type;  // "image/png"; empty: not stated
  std::string format;      // "wav": audio formats are named without a media type in OpenAI Chat
  std::string name;        // file name or title
  std::string detail;      // "low", "high", "auto"
  std::string transcript;  // of audio
  Extra inner_extra;       // unknown members of "image_url", "input_audio", "file", "audio"
  friend bool operator==(const Media&, const Media&) = default;
};

enum class CallKind : std::uint8_t { kFunction, kCustom };

struct ToolCall {
  std::string id;  // empty where the vendor has none (Gemini, Ollama): the renderer makes one
  std::string name;
  std::string arguments;  // kFunction: JSON text as the model wrote it; kCustom: free text
  CallKind kind = CallKind::kFunction;
  std::string signature;  // Gemini's thoughtSignature on a call
  Extra inner_extra;      // unknown members of "function" / "custom"
  friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

struct Part;

struct ToolResult {
  std::string call_id;
  std::string name;  // Gemini matches by name; with no call_id: OpenAI's old role "function"
  std::vector<Part> parts;
  bool listed = false;  // written as a list of parts
  std::optional<bool> is_error;
  RawJson json =
      {};  // a result that is JSON and no text or parts (Gemini, Bedrock); parts are empty
};

// A part of a kind that the canonical form does not know, whole.
struct RawPart {
  std::string type;
  RawJson json;
  bool call = false;  // stands among the tool calls, not in the content
  friend bool operator==(const RawPart&, const RawPart&) = default;
};

struct Part {
  std::variant<Text, Refusal, Reasoning, Media, ToolCall, ToolResult, RawPart> content;
  std::optional<CacheMarker> cache = {};
  Extra extra = {};
  // Responses: the item that ends with this part, without what is said of it here.
  RawJson item = {};
  // The part as its sender wrote it, where `content` is only what others can read of it (a search
  // result's words, a text of nothing for a call that the vendor ran): its own dialect gets this.
  RawJson whole = {};
};

// Whether other dialects have nothing to read in `part`, so that it is left out and named.
inline bool IsSilent(const Part& part) {
  const auto* text = std::get_if<Text>(&part.content);
  return text != nullptr && text->text.empty() && !part.whole.empty();
}

}  // namespace signalbox::chat
