// A request for embeddings and its answer. Plain data.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// Gemini's batchEmbedContents, Cohere's embed and Bedrock's Titan take the same inputs one by one
// or as a list; Cohere's input_type and Gemini's taskType are `purpose`, in Cohere's words
// ("search_query" for RETRIEVAL_QUERY, "search_document", "classification", "clustering"; any other
// word is its vendor's). Inputs that are no text (Cohere's images) are in `extra`, and `inputs` is
// empty then: a vendor without them refuses.
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
  std::string dialect = {};  // that it came in; empty: OpenAI's
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
  std::string dialect = {};  // that it came in; empty: OpenAI's
  // What the caller asked for ("float", "base64"): OpenAI's SDKs ask for base64 unless told not to,
  // and read nothing else then. Empty: as it came.
  std::string encoding_format = {};
  // The request's inputs were a list: Gemini answers one that was none with {"embedding": …}.
  bool listed = true;
};

}  // namespace signalbox::chat
