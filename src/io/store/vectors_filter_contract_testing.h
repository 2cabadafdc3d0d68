// How every Vectors filters. Test support.
#pragma once

#include "io/store/vectors_rig_testing.h"

namespace signalbox::store {

TEST_P(VectorsContract, FiltersByEqualOneOfAndRange) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {{"n", 1}, {"kind", std::string("x")}}},
                  {"b", {1, 0}, {{"n", 2.5}, {"kind", std::string("y")}}},
                  {"c", {1, 0}, {{"n", 3}, {"kind", std::string("x")}}},
                  {"d", {1, 0}, {{"n", std::string("3")}}},
                  {"e", {1, 0}, {}}});
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  struct Case {
    Filter filter;
    std::vector<std::string> ids;
  };
  const std::vector<Case> cases = {
      {{}, {"a", "b", "c", "d", "e"}},
      {{Equals("kind", std::string("x"))}, {"a", "c"}},
      {{Equals("n", 3.0)}, {"c"}},
      {{Equals("n", std::string("3"))}, {"d"}},
      {{OneOf{"n", {1, 2.5, std::string("3")}}}, {"a", "b", "d"}},
      {{Between{"n", 1, 2.5}}, {"a", "b"}},
      {{Between{"n", 2, kEndless}}, {"b", "c"}},
      {{Between{"n", -kEndless, 1}}, {"a"}},
      {{Between{"n", -kEndless, kEndless}}, {"a", "b", "c"}},
      {{Between{"n", kEndless, kEndless}}, {}},
      {{Between{"n", 3, 1}}, {}},
      {{Between{"kind", 0, 9}}, {}},
      {{Equals("kind", std::string("x")), Between{"n", 2, 9}}, {"c"}},
      {{Equals("none", 1)}, {}},
      {{Equals("kind", std::string("\" || true || \""))}, {}},
      {{Equals("kind\" != \"z", std::string("x"))}, {}},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}, .filter = cases[i].filter})), cases[i].ids)
        << "case " << i;
    EXPECT_EQ(Count(kNotes, cases[i].filter), cases[i].ids.size()) << "case " << i;
  }
}

TEST_P(VectorsContract, KeysAndTextsOfFiltersMeanJustThemselves) {
  const std::vector<std::string> texts = {"$.a",  "a\"b",  "a\\b", "tab\there", "new\nline",
                                          "ü 🙂", "'; --", "\x01", "*",         " "};
  Create(kNotes, 2);
  for (const std::string& text : texts) {
    Upsert(kNotes, {{text, {1, 0}, {{text, text}}}});
  }
  for (const std::string& text : texts) {
    EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}, .filter = {Equals(text, text)}})),
              std::vector<std::string>{text});
  }
}

TEST_P(VectorsContract, NumbersOfFiltersAreExact) {
  constexpr std::int64_t kLarge = (1LL << 53) + 1;
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {{"n", kLarge - 1}}},
                  {"b", {1, 0}, {{"n", kLarge}}},
                  {"c", {1, 0}, {{"n", 1e300}}},
                  {"d", {1, 0}, {{"n", -0.1}}},
                  {"e", {1, 0}, {{"n", 5e-324}}}});
  const auto with = [this](Filter filter) {
    return IdsOf(Search(kNotes, {.vector = {1, 0}, .filter = std::move(filter)}));
  };
  EXPECT_EQ(with({Equals("n", kLarge)}), std::vector<std::string>{"b"});
  EXPECT_EQ(with({Equals("n", static_cast<double>(kLarge - 1))}), std::vector<std::string>{"a"});
  EXPECT_EQ(with({Equals("n", 1e300)}), std::vector<std::string>{"c"});
  EXPECT_EQ(with({Between{"n", -0.1, 0}}), std::vector<std::string>{"d"});
  EXPECT_EQ(with({Between{"n", 5e-324, 1}}), std::vector<std::string>{"e"});
}

TEST_P(VectorsContract, AFilterThatLeavesFewStillGivesAllOfThem) {
  constexpr std::size_t kDimension = 16;
  core::Random random(3);
  Create(kNotes, kDimension);
  std::vector<VectorRow> rows;
  for (std::size_t first = 0; first < 3000; first += 1000) {
    const auto batch = RandomRows(random, first, 1000, kDimension);
    Upsert(kNotes, batch);
    rows.insert(rows.end(), batch.begin(), batch.end());
  }
  const std::vector<Filter> filters = {
      {Between{"number", 100, 104}},                     // fewer than k
      {OneOf{"number", {7, 1500, 2999}}},                // far apart
      {Between{"number", 2000, 2029}},                   // 1 in 100
      {Equals("tenth", 0.3)},                            // 1 in 10
      {Equals("parity", std::string("odd"))},            // half
      {Equals("tenth", 0.3), Between{"number", 0, 99}},  // as many as k
  };
  std::size_t found = 0;
  std::size_t wanted = 0;
  for (int round = 0; round < 10; ++round) {
    for (const Filter& filter : filters) {
      const VectorQuery query{.vector = RandomVector(random, kDimension), .filter = filter};
      const auto truth = TrueNearest(rows, query, Metric::kCosine);
      const auto hits = Search(kNotes, query);
      EXPECT_EQ(hits.size(), truth.size());
      for (const VectorHit& hit : hits) {
        EXPECT_TRUE(Matches(filter, hit.metadata)) << hit.id;
      }
      found += Common(truth, IdsOf(hits));
      wanted += truth.size();
    }
  }
  EXPECT_GE(static_cast<double>(found), 0.95 * static_cast<double>(wanted));
}

}  // namespace signalbox::store
