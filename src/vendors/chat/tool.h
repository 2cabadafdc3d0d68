// What a model may call, and whether it must.
//
// Owner: the request. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// Anthropic: input_schema is `parameters`; typed tools (web_search_20250305, bash_…) are kRaw.
// Gemini: functionDeclarations flatten into kFunction, googleSearch and the like are kRaw.
// Responses: the same names one level higher; built-in tools are kRaw.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/raw.h"

namespace signalbox::chat {

enum class ToolKind : std::uint8_t { kFunction, kCustom, kRaw };

struct Tool {
  ToolKind kind = ToolKind::kFunction;
  std::string name;
  std::string description;
  RawJson parameters;  // kFunction: JSON schema
  RawJson format;      // kCustom: text or grammar
  std::optional<bool> strict;
  std::optional<CacheMarker> cache;
  std::string type;   // kRaw: the vendor's type
  RawJson json;       // kRaw: the whole tool
  Extra extra;        // beside "function"
  Extra inner_extra;  // inside "function" / "custom"
  bool joined = {};   // Gemini: stands in one object with the tool before it
};

enum class ToolChoiceMode : std::uint8_t {
  kUnset,
  kAuto,
  kNone,
  kRequired,  // Anthropic and Gemini: any
  kNamed,     // names[0]
  kAllowed,   // only `names`; `required` says whether one must be called
  kRaw,
};

struct ToolChoice {
  ToolChoiceMode mode = ToolChoiceMode::kUnset;
  std::vector<std::string> names;
  bool required = false;
  bool custom = false;   // kNamed: a custom tool
  std::string spelling;  // the sender's own word, e.g. Mistral's "any" for kRequired
  RawJson json;          // kRaw
};

}  // namespace signalbox::chat
