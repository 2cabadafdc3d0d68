#include "io/store/hnsw/index.h"

#include <gtest/gtest.h>

#include <thread>

#include "io/store/vectors_truth_testing.h"

#if __has_feature(thread_sanitizer)
// hnswlib locks neighbours in any order, which could end in a deadlock of two threads that add;
// here one adds at a time. Races are still found.
extern "C" const char* __tsan_default_options();   // NOLINT: the sanitizer's name
extern "C" const char* __tsan_default_options() {  // NOLINT
  return "detect_deadlocks=0";
}
#endif

namespace signalbox::hnsw {
namespace {

using store::Metric;
using store::VectorHit;
using store::VectorQuery;
using store::VectorRow;

constexpr std::size_t kDimension = 24;

class IndexTest : public testing::Test {
 protected:
  void Put(const std::vector<VectorRow>& rows) {
    ++change_;
    for (const VectorRow& row : rows) {
      index_.Put(row.id, change_, Ready(row.vector), row.metadata);
      rows_.insert_or_assign(row.id, row);
    }
  }
  void Remove(const std::string& id) {
    index_.Remove(id);
    rows_.erase(id);
  }
  std::vector<float> Ready(std::span<const float> vector) const {
    return store::ReadyVector(vector, shape_, "vector").value();
  }
  std::vector<VectorHit> Search(const VectorQuery& query) const {
    return index_.Search(Ready(query.vector), query).value();
  }
  // The share of the true nearest that are found.
  double Recall(const store::Filter& filter = {}) {
    std::vector<VectorRow> all;
    for (const auto& [id, row] : rows_) {
      all.push_back(row);
    }
    std::size_t found = 0;
    std::size_t wanted = 0;
    for (int i = 0; i < 20; ++i) {
      const VectorQuery query{.vector = store::RandomVector(random_, kDimension), .filter = filter};
      const auto truth = store::TrueNearest(all, query, shape_.metric);
      const auto hits = Search(query);
      EXPECT_EQ(hits.size(), truth.size());
      found += store::Common(truth, store::IdsOf(hits));
      wanted += truth.size();
    }
    return static_cast<double>(found) / static_cast<double>(wanted);
  }
  void LinkAll() {
    while (index_.Link()) {
    }
  }

  const store::VectorShape shape_{kDimension, Metric::kCosine};
  Index index_{shape_, {.graph_from = 100, .width = 100}};
  core::Random random_{11};
  std::int64_t change_ = 0;
  std::map<std::string, VectorRow> rows_;
};

TEST_F(IndexTest, HasNoGraphForFewRows) {
  Put(store::RandomRows(random_, 0, 99, kDimension));
  EXPECT_FALSE(index_.Link());
  EXPECT_EQ(index_.linked(), 0);
  EXPECT_EQ(Recall(), 1);
}

TEST_F(IndexTest, FindsRowsBeforeWhileAndAfterTheyAreLinked) {
  Put(store::RandomRows(random_, 0, 1200, kDimension));
  EXPECT_EQ(Recall(), 1);
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(index_.Link());
  }
  EXPECT_EQ(index_.linked(), 600);
  EXPECT_GE(Recall(), 0.95);
  LinkAll();
  EXPECT_EQ(index_.linked(), 1200);
  EXPECT_GE(Recall(), 0.95);
  EXPECT_GE(Recall({store::Equals("parity", std::string("odd"))}), 0.95);
  EXPECT_EQ(Recall({store::Between{"number", 0, 20}}), 1);
}

TEST_F(IndexTest, ARowThatIsPutAgainIsFoundOnce) {
  Put(store::RandomRows(random_, 0, 500, kDimension));
  LinkAll();
  for (int round = 0; round < 5; ++round) {
    Put(store::RandomRows(random_, 0, 100, kDimension));
    EXPECT_EQ(index_.live(), 500);
    EXPECT_GE(Recall(), 0.95);
    LinkAll();
    EXPECT_GE(Recall(), 0.95);
  }
}

TEST_F(IndexTest, AnEarlierChangeChangesNothing) {
  const auto vector = Ready(store::RandomVector(random_, kDimension));
  index_.Put("a", 5, vector, {{"n", 5}});
  index_.Put("a", 5, vector, {{"n", 6}});
  index_.Put("a", 4, vector, {{"n", 4}});
  const auto hits = Search({.vector = vector});
  ASSERT_EQ(hits.size(), 1);
  EXPECT_TRUE(store::SameValue(hits[0].metadata.at("n"), 5));
}

TEST_F(IndexTest, AGraphWithManyDeadRowsIsMadeAnewAndItsPlacesAreUsedAgain) {
  Put(store::RandomRows(random_, 0, 1000, kDimension));
  LinkAll();
  for (int i = 0; i < 600; ++i) {
    Remove("r" + std::to_string(i));
  }
  EXPECT_EQ(Recall(), 1);  // 400 of 1000 are left: all are compared
  ASSERT_TRUE(index_.Link());
  for (int step = 0; step < 200; ++step) {  // in the middle of it
    ASSERT_TRUE(index_.Link());
  }
  Put(store::RandomRows(random_, 2000, 50, kDimension));
  Put(store::RandomRows(random_, 900, 50, kDimension));
  for (int i = 600; i < 650; ++i) {
    Remove("r" + std::to_string(i));
  }
  EXPECT_GE(Recall(), 0.95);
  LinkAll();
  EXPECT_EQ(index_.live(), 400);
  EXPECT_LT(index_.linked(), 520);
  EXPECT_GE(Recall(), 0.95);
  Put(store::RandomRows(random_, 3000, 600, kDimension));
  LinkAll();
  EXPECT_GE(Recall(), 0.95);
}

TEST_F(IndexTest, KeepsOnlyWhatItIsTold) {
  Put(store::RandomRows(random_, 0, 300, kDimension));
  LinkAll();
  index_.KeepOnly({"r7", "r9", "other"});
  const auto hits = Search({.vector = store::RandomVector(random_, kDimension)});
  EXPECT_EQ(index_.live(), 2);
  EXPECT_EQ(hits.size(), 2);
  index_.KeepOnly({});
  LinkAll();
  EXPECT_TRUE(Search({.vector = store::RandomVector(random_, kDimension)}).empty());
}

TEST_F(IndexTest, FindsManyThatAreTheSame) {
  const auto vector = store::RandomVector(random_, kDimension);
  std::vector<VectorRow> rows = store::RandomRows(random_, 0, 1000, kDimension);
  for (std::size_t i = 0; i < 300; ++i) {
    rows[i].vector = vector;
  }
  Put(rows);
  LinkAll();
  const auto hits = Search({.vector = vector, .k = 300});
  ASSERT_EQ(hits.size(), 300);
  EXPECT_EQ(hits.back().similarity, 1);
}

TEST_F(IndexTest, SearchesBesideLinkingAndWriting) {
  Put(store::RandomRows(random_, 0, 500, kDimension));
  std::atomic<bool> stop = false;
  std::thread linking([&] {
    while (!stop) {
      index_.Link();
    }
  });
  std::vector<std::thread> readers;
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    readers.emplace_back([&, seed] {
      core::Random random(seed);
      while (!stop) {
        EXPECT_EQ(Search({.vector = store::RandomVector(random, kDimension)}).size(), 10);
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    Put(store::RandomRows(random_, 500, 50, kDimension));
    for (int i = 0; i < 20; ++i) {
      Remove("r" + std::to_string(round * 20 + i));
    }
  }
  stop = true;
  linking.join();
  for (std::thread& reader : readers) {
    reader.join();
  }
  LinkAll();
  EXPECT_EQ(index_.live(), 150);
  EXPECT_GE(Recall(), 0.95);
}

TEST(Distance, IsTheSameByAllInstructions) {
  core::Random random(5);
  for (const std::size_t dimension : {1UL, 7UL, 32UL, 33UL, 100UL, 4096UL}) {
    const auto a = store::RandomVector(random, dimension);
    const auto b = store::RandomVector(random, dimension);
    const double l2 = Similarity(Metric::kL2, a.data(), b.data(), dimension);
    EXPECT_NEAR(DistanceOf(Metric::kL2)(a.data(), b.data(), dimension), l2 * l2, 1e-2);
    EXPECT_NEAR(DistanceOf(Metric::kDot)(a.data(), b.data(), dimension),
                -Similarity(Metric::kDot, a.data(), b.data(), dimension), 1e-3);
  }
}

}  // namespace
}  // namespace signalbox::hnsw
