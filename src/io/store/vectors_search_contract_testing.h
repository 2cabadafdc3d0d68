// What every Vectors finds: similarities, order, recall. Test support.
#pragma once

#include <cmath>

#include "io/store/vectors_rig_testing.h"

namespace signalbox::store {

TEST_P(VectorsContract, SimilaritiesMeanTheSameEverywhere) {
  const std::vector<float> query = {3, 4};
  const std::vector<VectorRow> rows = {{"same", {3, 4}, {}},
                                       {"far", {30, 40}, {}},
                                       {"across", {-4, 3}, {}},
                                       {"against", {-3, -4}, {}}};
  struct Case {
    Metric metric;
    std::vector<std::string> ids;
    std::vector<double> similarities;
  };
  const std::vector<Case> cases = {
      {Metric::kCosine, {"far", "same", "across", "against"}, {1, 1, 0, -1}},
      {Metric::kDot, {"far", "same", "across", "against"}, {250, 25, 0, -25}},
      {Metric::kL2, {"same", "across", "against", "far"}, {0, -std::sqrt(50.0), -10, -45}},
  };
  for (const Case& one : cases) {
    const CollectionName name{"tenant_a", std::string(Name(one.metric))};
    Create(name, 2, one.metric);
    Upsert(name, rows);
    const auto hits = Search(name, {.vector = query});
    ASSERT_EQ(IdsOf(hits), one.ids) << name.name;
    for (std::size_t i = 0; i < hits.size(); ++i) {
      EXPECT_NEAR(hits[i].similarity, one.similarities[i], 1e-5) << name.name << " " << i;
    }
  }
}

TEST_P(VectorsContract, GivesTheBestFirstAndEqualOnesById) {
  Create(kNotes, 2);
  Upsert(kNotes,
         {{"d", {1, 1}, {}}, {"b", {2, 2}, {}}, {"c", {0.5F, 0.5F}, {}}, {"a", {1, 0}, {}}});
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 1}})),
            (std::vector<std::string>{"b", "c", "d", "a"}));
  EXPECT_EQ(Search(kNotes, {.vector = {1, 1}, .k = 2}).size(), 2U);
}

TEST_P(VectorsContract, LeavesOutWhatIsNotSimilarEnough) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {}}, {"b", {4, 3}, {}}, {"c", {0, 1}, {}}});
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}, .least = 1})), std::vector<std::string>{"a"});
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}, .least = 0.8})),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(Search(kNotes, {.vector = {-1, -1}, .least = 0}).empty());
  EXPECT_TRUE(Search(kNotes, {.vector = {1, 0}, .least = 1.5}).empty());
}

TEST_P(VectorsContract, SearchesACollectionWithoutRows) {
  Create(kNotes, 2);
  EXPECT_TRUE(Search(kNotes, {.vector = {1, 0}}).empty());
  EXPECT_EQ(Count(kNotes), 0);
}

TEST_P(VectorsContract, TakesVectorsOfEveryDimensionThatItStates) {
  core::Random random(7);
  for (const std::size_t dimension : {1UL, 31UL, 33UL, 768UL, kMostDimensions}) {
    const CollectionName name{"tenant_a", "d" + std::to_string(dimension)};
    Create(name, dimension);
    const auto rows = RandomRows(random, 0, 20, dimension);
    Upsert(name, rows);
    const auto hits = Search(name, {.vector = rows[13].vector, .k = 20});
    ASSERT_EQ(hits.size(), 20U) << dimension;
    EXPECT_EQ(hits[0].similarity, 1) << dimension;
    EXPECT_TRUE(dimension == 1 || hits[0].id == "r13") << dimension << " " << hits[0].id;
  }
}

TEST_P(VectorsContract, MissesFewOfTheTrueNearest) {
  constexpr std::size_t kDimension = 64;
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kDot}) {
    const CollectionName name{"tenant_a", std::string(Name(metric))};
    core::Random random(42);
    Create(name, kDimension, metric);
    std::vector<VectorRow> rows;
    for (std::size_t first = 0; first < 2000; first += 500) {
      const auto batch = RandomRows(random, first, 500, kDimension);
      Upsert(name, batch);
      rows.insert(rows.end(), batch.begin(), batch.end());
    }
    std::size_t found = 0;
    constexpr std::size_t kQueries = 50;
    for (std::size_t i = 0; i < kQueries; ++i) {
      const VectorQuery query{.vector = RandomVector(random, kDimension)};
      found += Common(TrueNearest(rows, query, metric), IdsOf(Search(name, query)));
    }
    EXPECT_GE(static_cast<double>(found) / (10 * kQueries), 0.95) << name.name;
  }
}

}  // namespace signalbox::store
