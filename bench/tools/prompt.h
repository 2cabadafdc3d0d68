// The request the load generator sends: a Chat Completions call whose JSON starts with model,
// stream and max_tokens, and holds as much plain English as wanted.
#pragma once

#include <cstdint>
#include <string>

namespace signalbox::bench {

struct PromptOptions {
  std::string host;  // HOST:PORT for the Host header
  std::string path;
  std::string model;
  std::string headers;             // extra header lines, separated by '|'
  std::string body_file;           // sent as it is when given
  std::size_t body_bytes = 0;      // about how big the JSON is; 0: a short question
  std::int64_t stream_tokens = 0;  // 0: a plain answer
};

// Head and body, ready to be sent.
std::string BuildRequest(const PromptOptions& options);

}  // namespace signalbox::bench
