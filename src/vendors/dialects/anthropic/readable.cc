#include "vendors/dialects/anthropic/readable.h"

#include <algorithm>

#include "vendors/dialects/anthropic/parse_block.h"

namespace signalbox::anthropic {
namespace {

using json::Value;

constexpr std::string_view kWords[] = {"text",    "title",  "url",    "source",
                                       "content", "stdout", "stderr", "error_code"};

void AppendLine(std::string_view line, std::string& out) {
  if (!line.empty()) {
    out += out.empty() ? "" : "\n";
    out += line;
  }
}

// The members that are words, in their order, wherever they stand.
void CollectWords(const Value& value, std::string& out) {
  if (value.IsArray()) {
    json::ForEachElement(value, [&](const Value& element) { CollectWords(element, out); });
  }
  if (!value.IsObject()) {
    return;
  }
  const bool plain = TextIn(value, "type") == "text";  // the source of a document
  json::ForEachMember(value, [&](const Value& key, const Value& member) {
    const std::string name = *key.AsString();
    const bool words =
        std::ranges::find(kWords, name) != std::end(kWords) || (plain && name == "data");
    if (words && member.IsString()) {
      AppendLine(*member.AsString(), out);
    } else if (name != "citations") {
      CollectWords(member, out);
    }
  });
}

bool HoldsPictures(const Value& value) {
  bool found = value.IsObject() && TextIn(value, "type") == "image";
  const auto look = [&](const Value& inner) { found = found || HoldsPictures(inner); };
  if (value.IsArray()) {
    json::ForEachElement(value, look);
  } else if (value.IsObject()) {
    json::ForEachMember(value, [&](const Value&, const Value& member) { look(member); });
  }
  return found;
}

bool IsListOfTexts(const Value& block) {
  const auto source = block.Find("source");
  return source && source->IsObject() && TextIn(*source, "type") == "content" &&
         !HoldsPictures(*source);
}

}  // namespace

std::optional<std::string> ReadableText(const Value& block, std::string_view type) {
  std::string words;
  if (type.ends_with("_tool_use")) {
    return words;
  }
  if (type != "search_result" && !type.ends_with("_tool_result") &&
      (type != "document" || !IsListOfTexts(block))) {
    return std::nullopt;
  }
  CollectWords(block, words);
  words += words.empty() || words.ends_with('\n') ? "" : "\n";  // others may join texts
  return words;
}

}  // namespace signalbox::anthropic
