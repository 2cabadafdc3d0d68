// Content blocks out.
//
// Owner: one writer per request or answer.
// Threads: none of its own.
// Errors: kInvalidRequest for what Converse cannot say; never for an answer.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::bedrock {

struct BlockTerms {
  bool own = false;             // what is written came in this dialect
  std::string_view model = {};  // that it goes to
  bool answer = false;          // an answer: nothing is refused, and sources are shown
};

// `id` in the characters and the length that Converse takes: as it is, or its start and a digest.
std::string FitId(std::string_view id);
// JSON arguments as `input` has them, an object; empty when they are none.
std::string InputOf(std::string_view arguments, json::Document& scratch);
bool IsBlank(std::string_view text);

class BlockWriter {
 public:
  BlockWriter(const BlockTerms& terms, json::Writer& out) : terms_(terms), out_(out) {}

  // Whether `part` makes a block. AWS refuses blank texts, and a vendor the thoughts of another.
  bool Says(const chat::Part& part) const;
  core::Status Write(const chat::Part& part);
  // A marker after the part before it.
  void WriteCachePoint(const chat::CacheMarker& marker);
  bool takes_cache_points() const;

 private:
  core::Status WriteContent(const chat::Part& part);
  void WriteText(const chat::Text& text, const chat::Part& part);
  void WriteReasoning(const chat::Reasoning& thought, const chat::Part& part);
  core::Status WriteMediaBlock(const chat::Media& media, const chat::Part& part);
  core::Status WriteCall(const chat::ToolCall& call, const chat::Part& part);
  core::Status WriteResult(const chat::ToolResult& result, const chat::Part& part);
  core::Status WriteResultContent(const chat::ToolResult& result);
  std::string IdOfCall(const chat::ToolCall& call);
  std::string IdOfResult(const chat::ToolResult& result);

  BlockTerms terms_;
  json::Writer& out_;
  json::Document scratch_;
  int documents_ = 0;
  int unnamed_ = 0;
  std::vector<std::pair<std::string, std::string>> open_;  // names and ids of calls without an id
};

}  // namespace signalbox::bedrock
