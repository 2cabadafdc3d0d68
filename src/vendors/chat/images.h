// A request for pictures and its answer. Plain data.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// OpenAI's words. Google's Imagen has `n` as sampleCount and a ratio in place of the size; models
// of Workers AI and HuggingFace make one picture a call, of `width` and `height`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/raw.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

struct ImagesRequest {
  std::string model;
  std::string prompt;
  std::optional<std::int64_t> n;
  std::string size;             // "1024x1536"; empty or "auto": as the model likes
  std::string quality;          // "standard", "hd"; "low", "medium", "high", "auto"
  std::string style;            // "vivid", "natural"
  std::string background;       // "transparent", "opaque", "auto"
  std::string moderation;       // "low", "auto"
  std::string response_format;  // "b64_json", "url"
  std::string output_format;    // "png", "jpeg", "webp"
  std::optional<std::int64_t> output_compression;  // percent
  std::string negative_prompt;                     // what is not to be seen (Together, Workers AI)
  std::optional<std::int64_t> seed;
  std::string user;
  bool stream = false;
  Extra extra;
};

struct Picture {
  std::string data;        // Base64
  std::string media_type;  // "image/png"
  std::string revised_prompt;
};

struct ImagesResponse {
  std::int64_t created = 0;  // seconds since 1970
  std::vector<Picture> pictures;
  std::optional<UsageReport> usage;
};

}  // namespace signalbox::chat
