// Costs of recorded answers, to the nano-dollar, with the prices that ship.
#include "vendors/catalog/recorded_costs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/json/document.h"
#include "vendors/catalog/catalog.h"

namespace signalbox::catalog {
namespace {

namespace fs = std::filesystem;
using json::Value;
using Counts = std::map<std::string, std::int64_t>;  // by "usage.details.name"; the last counts

const std::chrono::sys_days kRecordedAt = std::chrono::year(2026) / 11 / 20;

fs::path Root() {
  return fs::path(SB_SOURCE_DIR) / ".." / "shared" / "fixtures";
}

void ReadCounts(const Value& object, const std::string& path, Counts& counts) {
  json::ForEachMember(object, [&](const Value& key, const Value& value) {
    const std::string name = path + key.AsString().value_or("");
    if (const auto count = value.AsInt()) {
      counts[name] = *count;
    } else if (value.IsObject()) {
      ReadCounts(value, name + ".", counts);
    }
  });
}

// Usage stands in the answer, or in the message or response that a streamed event carries.
void ReadFrame(std::string_view text, Counts& counts) {
  json::Document document;
  if (!document.Parse(text, {.unique_keys = false}) || !document.Root().IsObject()) {
    return;
  }
  const Value root = document.Root();
  for (const char* holder : {"", "response", "message", "x_groq"}) {
    const auto inner = *holder == '\0' ? std::optional(root) : root.Find(holder);
    for (const char* name : {"usage", "usageMetadata"}) {
      const auto usage = inner && inner->IsObject() ? inner->Find(name) : std::nullopt;
      if (usage && usage->IsObject()) {
        ReadCounts(*usage, "", counts);
      }
    }
  }
}

Counts ReadBody(const std::string& body) {
  Counts counts;
  ReadFrame(body, counts);
  if (!counts.empty()) {
    return counts;
  }
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t brace = line.find('{');
    if (brace == 0 || (brace != std::string::npos && line.starts_with("data:"))) {
      ReadFrame(std::string_view(line).substr(brace), counts);
    }
  }
  return counts;
}

Counts ReadRecording(const RecordedCost& recorded) {
  std::ifstream file(Root() / recorded.file, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  if (!std::string_view(recorded.file).ends_with(".exchanges.json")) {
    return ReadBody(all);
  }
  json::Document document;
  if (!document.Parse(all)) {
    return {};
  }
  auto exchange = document.Root().FirstChild();
  for (int i = 1; exchange && i < recorded.exchange; ++i) {
    exchange = exchange->NextIn(document.Root());
  }
  const auto response = exchange ? exchange->Find("response") : std::nullopt;
  const auto parsed = response ? response->Find("body_json") : std::nullopt;
  const auto raw = response ? response->Find("body_text") : std::nullopt;
  return ReadBody(parsed ? std::string(parsed->Raw()) : raw ? raw->AsString().value_or("") : "");
}

std::int64_t In(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? -1 : found->second;
}
std::int64_t Some(const Counts& counts, const std::string& name) {
  return std::max<std::int64_t>(0, In(counts, name));
}

// The vendors' four ways of counting.
chat::Usage UsageOf(const Counts& c) {
  chat::Usage usage;
  if (c.contains("promptTokenCount")) {  // Gemini: thoughts beside the answer
    usage.input = In(c, "promptTokenCount");
    usage.cached = In(c, "cachedContentTokenCount");
    usage.reasoning = In(c, "thoughtsTokenCount");
    usage.output = Some(c, "candidatesTokenCount") + Some(c, "thoughtsTokenCount");
  } else if (c.contains("prompt_tokens")) {  // OpenAI Chat; xAI: reasoning beside the answer
    usage.input = In(c, "prompt_tokens");
    usage.output = In(c, "completion_tokens");
    usage.cached = In(c, "prompt_tokens_details.cached_tokens");
    usage.cache_write = In(c, "prompt_tokens_details.cache_write_tokens");
    usage.reasoning = In(c, "completion_tokens_details.reasoning_tokens");
    if (usage.reasoning > 0 &&
        In(c, "total_tokens") == usage.input + usage.output + usage.reasoning) {
      usage.output += usage.reasoning;
    }
  } else if (c.contains("cache_read_input_tokens")) {  // Anthropic: cached beside the input
    usage.cached = Some(c, "cache_read_input_tokens");
    usage.cache_write = Some(c, "cache_creation_input_tokens");
    usage.cache_write_hour = In(c, "cache_creation.ephemeral_1h_input_tokens");
    usage.input = In(c, "input_tokens") + usage.cached + usage.cache_write;
    usage.output = In(c, "output_tokens");
  } else {  // OpenAI Responses
    usage.input = In(c, "input_tokens");
    usage.output = In(c, "output_tokens");
    usage.cached = In(c, "input_tokens_details.cached_tokens");
    usage.cache_write = In(c, "input_tokens_details.cache_write_tokens");
    usage.reasoning = In(c, "output_tokens_details.reasoning_tokens");
  }
  return usage;
}

TEST(RecordedCosts, AreWhatOneWorksOutByHand) {
  if (!fs::exists(Root())) {
    GTEST_SKIP() << "skipped: the recordings in ../shared/fixtures are not here";
  }
  static_assert(std::size(kRecordedCosts) >= 60);
  for (const RecordedCost& recorded : kRecordedCosts) {
    SCOPED_TRACE(testing::Message() << recorded.file << " #" << recorded.exchange);
    const Counts counts = ReadRecording(recorded);
    ASSERT_FALSE(counts.empty());
    const Model* model = Catalog::BuiltIn()->Find(recorded.provider, recorded.model);
    ASSERT_NE(model, nullptr);
    EXPECT_EQ(model->CostOf(UsageOf(counts), kRecordedAt), NanoUsd{recorded.nano_usd});
  }
}

// xAI says what a call cost, so the same numbers come from two sides.
TEST(RecordedCosts, AgreeWithWhatVendorsSayTheyCharged) {
  if (!fs::exists(Root())) {
    GTEST_SKIP() << "skipped: the recordings in ../shared/fixtures are not here";
  }
  int compared = 0;
  for (const RecordedCost& recorded : kRecordedCosts) {
    const Counts counts = ReadRecording(recorded);
    if (const std::int64_t ticks = In(counts, "cost_in_usd_ticks"); ticks >= 0) {
      EXPECT_EQ(recorded.nano_usd, (ticks + 5) / 10) << recorded.file;  // 10^10 ticks to a dollar
      ++compared;
    }
  }
  EXPECT_GE(compared, 5);
}

}  // namespace
}  // namespace signalbox::catalog
