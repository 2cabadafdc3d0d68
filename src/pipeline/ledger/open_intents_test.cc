#include "pipeline/ledger/open_intents.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "base/core/random.h"

namespace signalbox::ledger {
namespace {

TEST(OpenIntents, AgreesWithAMapOverARandomHistory) {
  core::Random random(7);
  OpenIntents open;
  std::map<std::tuple<std::uint64_t, std::uint32_t>, std::uint64_t> model;
  for (std::uint64_t step = 1; step < 200'000; ++step) {
    // Few keys, so that they meet; high bits alike, so that their homes do too.
    const CallKey key{0, random.Next() % 700, static_cast<std::uint32_t>(random.Next() % 2)};
    if (random.Draw() < 0.5) {
      open.Add(key, step * 8);
      model[{key.low, key.attempt}] = step * 8;
    } else {
      open.Remove(key);
      model.erase({key.low, key.attempt});
    }
    ASSERT_EQ(open.size(), model.size());
  }
  std::vector<std::uint64_t> offsets;
  for (const auto& [key, offset] : model) {
    offsets.push_back(offset);
  }
  std::ranges::sort(offsets);
  EXPECT_EQ(open.Offsets(), offsets);
  open.Clear();
  open.Remove({});
  EXPECT_TRUE(open.Offsets().empty());
}

}  // namespace
}  // namespace signalbox::ledger
