#include "pipeline/cache/exact_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "pipeline/cache/cache_testing.h"

namespace signalbox::cache {
namespace {

struct Kept {
  std::uint64_t number;
  std::uint8_t tenant;
  EntryTexts texts;
};

void Keep(ExactCache& cache, const Kept& kept) {
  Draft draft(cache.room()->table, kept.texts, 1000);
  ASSERT_TRUE(draft.Append("x"));
  EntryFacts facts = FactsOf(DigestOf(kept.number));
  facts.tenant.uuid.bytes[0] = kept.tenant;
  std::move(draft).Publish(facts);
}

void KeepFour(ExactCache& cache) {
  Keep(cache, {1, 1, {"openai", "gpt-4o", "", "red, green"}});
  Keep(cache, {2, 1, {"openai", "gpt-4o-mini", "", "green"}});
  Keep(cache, {3, 2, {"azure", "gpt-4o", "", ""}});
  Keep(cache, {4, 2, {"azure", "gpt-4o-mini", "", "redder"}});
}

std::string Left(ExactCache& cache) {
  std::string left;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    left += cache.room()->table.Find(DigestOf(i), kNow) ? std::to_string(i) : "";
  }
  return left;
}

request::TenantId Tenant(std::uint8_t number) {
  request::TenantId tenant;
  tenant.uuid.bytes[0] = number;
  return tenant;
}

TEST(ExactCache, ForgetsWhatItIsAskedTo) {
  for (const auto& [purge, left] :
       std::vector<std::pair<Purge, std::string>>{{{.key = DigestOf(2)}, "134"},
                                                  {{.tenant = Tenant(1)}, "34"},
                                                  {{.model = "gpt-4o"}, "24"},
                                                  {{.model = "openai/gpt-4o"}, "234"},
                                                  {{.model = "openaigpt-4o"}, "1234"},
                                                  {{.tag = "green"}, "34"},
                                                  {{.tag = "red"}, "234"},
                                                  {{.tenant = Tenant(2), .model = "gpt-4o"}, "124"},
                                                  {{}, ""}}) {
    ExactCache cache({.max_bytes = config::MiB(1)});
    KeepFour(cache);
    EXPECT_EQ(cache.Forget(purge), 4 - left.size());
    EXPECT_EQ(Left(cache), left);
  }
}

TEST(ExactCache, IsNothingBeforeSomethingIsKept) {
  ExactCache cache({});
  EXPECT_EQ(cache.Forget({}), 0U);
  EXPECT_EQ(cache.size().bytes, 0U);
  EXPECT_NE(cache.room(), nullptr);
  EXPECT_EQ(cache.size().bytes, 0U);
}

TEST(ExactCache, HasOneRoomForAllThreads) {
  ExactCache cache({.max_bytes = config::MiB(1)});
  std::array<ExactCache::Room*, 4> rooms{};
  std::vector<std::thread> threads;
  for (ExactCache::Room*& room : rooms) {
    threads.emplace_back([&] { room = cache.room(); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const ExactCache::Room* room : rooms) {
    EXPECT_EQ(room, cache.room());
  }
}

}  // namespace
}  // namespace signalbox::cache
