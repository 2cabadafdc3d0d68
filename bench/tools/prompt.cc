#include "prompt.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <sstream>
#include <string_view>

#include "flags.h"

namespace signalbox::bench {
namespace {

constexpr std::array<std::string_view, 64> kWords = {
    "the",     "a",      "signal",  "track",   "function", "returns",  "value",    "when",
    "and",     "of",     "to",      "train",   "request",  "between",  "stations", "is",
    "in",      "that",   "server",  "closes",  "before",   "answer",   "arrives",  "we",
    "should",  "check",  "whether", "the",     "queue",    "holds",    "more",     "than",
    "twelve",  "items",  "because", "memory",  "grows",    "slowly",   "if",       "nobody",
    "reads",   "them",   "this",    "morning", "operator", "pulled",   "lever",    "number",
    "seven",   "which",  "locked",  "points",  "for",      "northern", "line",     "while",
    "drivers", "waited", "outside", "with",    "engines",  "running",  "quietly",  "again"};

constexpr std::string_view kShortQuestion =
    "In two sentences, explain why a signal box locks its levers against each other, and name one "
    "accident that this rule has prevented.";

// English-like text as it looks inside a JSON string: sentences, quotes, line ends.
std::string EscapedText(std::size_t bytes) {
  std::mt19937 random(7);
  std::string text;
  text.reserve(bytes + 32);
  while (text.size() < bytes) {
    std::size_t words = 6 + random() % 14;
    for (std::size_t index = 0; index < words; ++index) {
      if (index > 0) text += random() % 12 == 0 ? ", " : " ";
      text += kWords[random() % kWords.size()];
    }
    switch (random() % 8) {
      case 0:
        text += R"(.\n\n)";
        break;
      case 1:
        text += R"(: \"yes\". )";
        break;
      default:
        text += ". ";
    }
  }
  return text;
}

std::string Body(const PromptOptions& options) {
  std::string body = R"({"model":")" + options.model + '"';
  if (options.stream_tokens > 0) {
    body += R"(,"stream":true,"stream_options":{"include_usage":true},"max_tokens":)" +
            std::to_string(options.stream_tokens);
  }
  body += R"(,"messages":[{"role":"system","content":"You are a careful, brief assistant."},)"
          R"({"role":"user","content":")";
  std::size_t rest = body.size() + 30;
  body += options.body_bytes > rest ? EscapedText(options.body_bytes - rest)
                                    : std::string(kShortQuestion);
  if (options.marked) body += kMark;
  return body + R"("}],"temperature":0.7,"user":"bench"})";
}

std::string ReadFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) Fail("cannot read " + name);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace

std::string BuildRequest(const PromptOptions& options) {
  std::string body = options.body_file.empty() ? Body(options) : ReadFile(options.body_file);
  std::string head =
      "POST " + options.path + " HTTP/1.1\r\nHost: " + options.host +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n";
  std::string_view lines = options.headers;
  while (!lines.empty()) {
    std::size_t end = std::min(lines.find('|'), lines.size());
    head += std::string(lines.substr(0, end)) + "\r\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return head + "\r\n" + body;
}

}  // namespace signalbox::bench
