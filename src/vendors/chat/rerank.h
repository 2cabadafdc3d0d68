// A request to rank documents by how well they answer a query, and its answer. Plain data.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
//
// The form that Cohere made and Jina, Voyage, Together, vLLM and Workers AI's rerankers share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/raw.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

struct RerankRequest {
  std::string dialect;
  std::string model;
  std::string query;
  std::vector<std::string> documents;  // texts; of an object, its text
  std::vector<RawJson> raw_documents;  // as they were written, where they were objects; else empty
  std::optional<std::int64_t> top_n;
  std::optional<bool> return_documents;
  Extra extra;
};

struct Ranked {
  std::int64_t index = 0;  // in the request's documents
  Number score;            // relevance, higher is better
  RawJson document;        // where it was asked for
  Extra extra;
};

struct RerankResponse {
  std::string dialect;
  std::string id;
  std::string model;
  std::vector<Ranked> results;  // best first
  std::optional<UsageReport> usage;
  Extra extra;
};

}  // namespace signalbox::chat
