// One line of a dump in the making: words and key=value pairs.
//
// Owner: dump*.cc. Threads: none of its own. Errors: none. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/writer.h"
#include "vendors/chat/part.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

class Line {
 public:
  Line(std::string& out, int depth, std::string_view word) : out_(out) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ').append(word);
  }
  ~Line() { out_ += '\n'; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& Word(std::string_view word) {
    if (!word.empty()) {
      out_.append(" ").append(word);
    }
    return *this;
  }
  Line& Quoted(std::string_view text) {
    out_ += ' ';
    json::AppendQuoted(out_, text);
    return *this;
  }
  Line& Text(std::string_view key, std::string_view text) {
    if (!text.empty()) {
      out_.append(" ").append(key).append("=");
      json::AppendQuoted(out_, text);
    }
    return *this;
  }
  Line& Raw(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      out_.append(" ").append(key).append("=").append(value);
    }
    return *this;
  }
  Line& Int(std::string_view key, std::optional<std::int64_t> value) {
    return value ? Raw(key, std::to_string(*value)) : *this;
  }
  Line& Count(std::string_view key, std::int64_t count) {
    return count >= 0 ? Raw(key, std::to_string(count)) : *this;
  }
  Line& Flag(std::string_view key, std::optional<bool> value) {
    return value ? Raw(key, *value ? "true" : "false") : *this;
  }

 private:
  std::string& out_;
};

std::string_view Name(FinishReason reason);
// Long Base64 by its size: nobody reads it. Empty for none.
std::string SizeOf(std::string_view data);
void DumpParts(const std::vector<Part>& parts, int depth, std::string& out);
void DumpExtra(const Extra& extra, int depth, std::string_view word, std::string& out);
void DumpUsage(const UsageReport& usage, std::string& out);

}  // namespace signalbox::chat
