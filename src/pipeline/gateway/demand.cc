#include "pipeline/gateway/demand.h"

#include <algorithm>
#include <array>
#include <string>

namespace signalbox::gateway {
namespace {

using json::Value;

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

void ReadMembers(const Value& object, bool outermost, Demand& out) {
  std::string scratch;
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    const std::string_view name = key->AsText(scratch).value_or(std::string_view());
    if (value->IsNumber() && IsOneOf(name, kBounds)) {
      out.output_tokens = std::max(out.output_tokens, value->AsInt().value_or(-1));
    } else if (value->IsNumber() && IsOneOf(name, kAnswers)) {
      const std::int64_t answers =
          std::clamp<std::int64_t>(value->AsInt().value_or(1), 1, kMostAnswers);
      out.answers = std::max(out.answers, static_cast<std::uint32_t>(answers));
    } else if (outermost && name == "service_tier") {
      out.priority = value->Raw() == R"("priority")";
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
void FindParts(std::string_view body, Demand& out) {
  for (std::size_t at = body.find('"'); at != body.npos; at = body.find('"', at + 1)) {
    const std::string_view name = body.substr(at + 1, 12);
    if (name.empty() || !kFirst[static_cast<unsigned char>(name.front())]) {
      continue;
    }
    const auto begins = [&](std::string_view each) { return name.starts_with(each); };
    if (begins(kCaches)) {
      out.caches = out.caches || NamesPart(body, at);
    } else if (std::ranges::any_of(kSearches, begins)) {
      out.searches = out.searches || NamesPart(body, at);
    } else if (std::ranges::any_of(kMedia, begins)) {
      out.media += NamesPart(body, at) ? 1 : 0;
    }
  }
}

}  // namespace

Demand ReadDemand(const Value& body, const request::Call& call) {
  Demand demand{.body_bytes = call.body.size()};
  if (body.IsObject()) {
    ReadMembers(body, true, demand);
  }
  if (call.body.size() <= kMostScanned) {
    FindParts(call.body, demand);
  }
  if (call.operation == chat::Operation::kSpeech) {
    std::string scratch;
    const auto input = body.Find("input");
    const auto text = input ? input->AsText(scratch) : std::nullopt;
    demand.characters = text ? static_cast<std::int64_t>(text->size()) : -1;
  }
  return demand;
}

quota::CallSize SizeOf(const Demand& demand, chat::Operation operation) {
  const bool silent =
      operation == chat::Operation::kEmbeddings || operation == chat::Operation::kRerank ||
      operation == chat::Operation::kModerations || operation == chat::Operation::kCountTokens;
  const bool pictures = operation == chat::Operation::kImages;
  return {.body_bytes = demand.body_bytes,
          .media = demand.media,
          .most_output = silent ? 0 : demand.output_tokens,
          .answers = demand.answers,
          .media_output = pictures || operation == chat::Operation::kSpeech || demand.media != 0,
          .cache_write = demand.caches,
          .searches = demand.searches                         ? -1
                      : operation == chat::Operation::kRerank ? 1
                                                              : 0,
          .images = pictures ? demand.answers : 0};
}

Demand UploadDemand(const request::Upload& upload) {
  return {.body_bytes = upload.length.value_or(0)};
}

}  // namespace signalbox::gateway
