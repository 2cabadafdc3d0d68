#include "pipeline/gateway/call_size.h"

#include <algorithm>
#include <array>
#include <string>

namespace signalbox::gateway {
namespace {

using json::Value;
using quota::CallSize;

// Names for the most tokens of an answer, in any vendor's words.
constexpr std::array<std::string_view, 8> kBounds = {
    "max_tokens",  "max_completion_tokens", "max_output_tokens", "maxOutputTokens",
    "num_predict", "max_new_tokens",        "maxTokens",         "max_tokens_to_sample"};
// … for how many answers at once.
constexpr std::array<std::string_view, 4> kAnswers = {"n", "best_of", "candidateCount",
                                                      "num_return_sequences"};
// Objects that hold some of these.
constexpr std::array<std::string_view, 4> kGroups = {"generationConfig", "generation_config",
                                                     "options", "parameters"};
// How names of parts that are no text begin, behind the quote.
constexpr std::array<std::string_view, 11> kMedia = {
    "image", "input_image", "input_audio", "input_file", "inlineData", "inline_data",
    "file",  "document",    "audio",       "video",      "media"};
// … and the names of tools that search the web at the vendor's.
constexpr std::array<std::string_view, 3> kSearches = {"web_search", "google_sear", "googleSearc"};
constexpr std::string_view kCaches = "cache";
// What the names above begin with: most strings begin with something else.
constexpr std::array<bool, 256> kFirst = [] {
  std::array<bool, 256> first{};
  first[static_cast<unsigned char>(kCaches.front())] = true;
  for (const std::string_view name : kMedia) {
    first[static_cast<unsigned char>(name.front())] = true;
  }
  for (const std::string_view name : kSearches) {
    first[static_cast<unsigned char>(name.front())] = true;
  }
  return first;
}();
// A text this long fills any model's context; what media add to it does not matter.
constexpr std::size_t kMostScanned = 4U << 20U;
constexpr std::int64_t kMostAnswers = 1000;

template <std::size_t N>
bool IsOneOf(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

void ReadMembers(const Value& object, bool outermost, CallSize& out) {
  std::string scratch;
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    const std::string_view name = key->AsText(scratch).value_or(std::string_view());
    if (value->IsNumber() && IsOneOf(name, kBounds)) {
      out.most_output = std::max(out.most_output, value->AsInt().value_or(-1));
    } else if (value->IsNumber() && IsOneOf(name, kAnswers)) {
      const std::int64_t answers =
          std::clamp<std::int64_t>(value->AsInt().value_or(1), 1, kMostAnswers);
      out.answers = std::max(out.answers, static_cast<std::uint32_t>(answers));
    } else if (outermost && name == "service_tier") {
      std::string tier;
      out.priority = value->AsText(tier) == "priority";
    } else if (outermost && value->IsObject() && IsOneOf(name, kGroups)) {
      ReadMembers(*value, false, out);
    }
    key = value->NextIn(object);
  }
}

// Whether the string that begins at `at` (its quote) says what a part is: a member's name, or the
// value of one that is called `type`. What people write is neither.
bool NamesPart(std::string_view body, std::size_t at) {
  constexpr std::string_view kType = "\"type\"";
  const std::size_t end = body.find('"', at + 1);
  const std::size_t next = end == body.npos ? end : body.find_first_not_of(" \t\r\n", end + 1);
  if (next != body.npos && body[next] == ':') {
    return true;
  }
  const std::size_t colon = body.substr(0, at).find_last_not_of(" \t\r\n");
  if (colon == body.npos || body[colon] != ':') {
    return false;
  }
  const std::size_t name = body.substr(0, colon).find_last_not_of(" \t\r\n");
  return name != body.npos && body.substr(0, name + 1).ends_with(kType);
}

// Looks at how every string begins.
void FindParts(std::string_view body, CallSize& out) {
  for (std::size_t at = body.find('"'); at != body.npos; at = body.find('"', at + 1)) {
    const std::string_view name = body.substr(at + 1, 12);
    if (name.empty() || !kFirst[static_cast<unsigned char>(name.front())]) {
      continue;
    }
    const auto begins = [&](std::string_view each) { return name.starts_with(each); };
    if (begins(kCaches)) {
      out.cache_write = out.cache_write || NamesPart(body, at);
    } else if (std::ranges::any_of(kSearches, begins)) {
      out.searches = NamesPart(body, at) ? -1 : out.searches;
    } else if (std::ranges::any_of(kMedia, begins)) {
      out.media += NamesPart(body, at) ? 1 : 0;
    }
  }
}

// What the operation says of any call.
CallSize SizeOf(chat::Operation operation) {
  using enum chat::Operation;
  CallSize size;
  size.media_output = operation == kImages || operation == kSpeech;
  size.searches = operation == kRerank ? 1 : 0;
  return size;
}

// What follows from the operation and what was read.
CallSize Completed(CallSize size, chat::Operation operation) {
  using enum chat::Operation;
  if (operation == kEmbeddings || operation == kRerank || operation == kModerations ||
      operation == kCountTokens) {
    size.most_output = 0;
  }
  size.media_output = size.media_output || size.media != 0;
  size.images = operation == kImages ? size.answers : 0;
  return size;
}

}  // namespace

CallSize ReadCallSize(const Value& body, const request::Call& call) {
  CallSize size = SizeOf(call.operation);
  size.body_bytes = call.body.size();
  if (body.IsObject()) {
    ReadMembers(body, true, size);
  }
  if (call.body.size() <= kMostScanned) {
    FindParts(call.body, size);
  }
  return Completed(size, call.operation);
}

CallSize UploadSize(const request::Call& call) {
  CallSize size = SizeOf(call.operation);
  size.body_bytes = call.upload->length.value_or(0);
  return Completed(size, call.operation);
}

}  // namespace signalbox::gateway
