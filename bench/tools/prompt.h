// The request the load generator sends: a Chat Completions call whose JSON starts with model,
// stream and max_tokens, and holds as much plain English as wanted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::bench {

// Stands where a Requests writes another number into each request.
inline constexpr std::string_view kMark = "<0000000000000000>";

struct PromptOptions {
  std::string host;  // HOST:PORT for the Host header
  std::string path;
  std::string model;
  std::string headers;             // extra header lines, separated by '|'
  std::string body_file;           // sent as it is when given
  std::size_t body_bytes = 0;      // about how big the JSON is; 0: a short question
  std::int64_t stream_tokens = 0;  // 0: a plain answer
  bool marked = false;             // the question ends with kMark
};

// Head and body, ready to be sent.
std::string BuildRequest(const PromptOptions& options);

}  // namespace signalbox::bench
