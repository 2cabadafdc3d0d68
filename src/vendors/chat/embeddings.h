// A request for embeddings and its answer. Plain data.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// Gemini's batchEmbedContents, Cohere's embed and Bedrock's Titan take the same inputs one by one
// or as a list; Cohere's input_type and Gemini's taskType are `purpose`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/raw.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

// A text, or the tokens of one.
struct EmbeddingInput {
  std::string text;
  std::vector<std::int64_t> tokens;  // used when not empty
};

struct EmbeddingsRequest {
  std::string model;
  std::vector<EmbeddingInput> inputs;
  bool listed = false;  // a list, also when it holds one
  std::optional<std::int64_t> dimensions;
  std::string encoding_format;  // "float", "base64"
  std::string purpose;
  std::string user;
  Extra extra;
};

struct Embedding {
  std::int64_t index = 0;
  RawJson vector;  // a list of numbers, or Base64 of little-endian floats as a JSON string
  Extra extra;
};

struct EmbeddingsResponse {
  std::string model;
  std::vector<Embedding> data;
  std::optional<UsageReport> usage;
  Extra extra;
};

}  // namespace signalbox::chat
