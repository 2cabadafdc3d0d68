// What every Vectors does for several threads. Test support.
#pragma once

#include <atomic>
#include <thread>

#include "io/store/vectors_rig_testing.h"

namespace signalbox::store {

// Every row has its batch's number, and a batch is written by one call: a search sees all of the
// batches that were acknowledged before it.
TEST_P(VectorsContract, ReadersBesideWritersSeeWhatWasAcknowledged) {
  constexpr std::size_t kDimension = 8;
  constexpr std::int64_t kBatches = 30;
  const auto other = rig_->Open();
  Create(kNotes, kDimension);
  std::atomic<std::int64_t> written = -1;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&, reader] {
      core::Random random(static_cast<std::uint64_t>(reader));
      Vectors& vectors = reader == 0 ? *other : *vectors_;
      while (!stop) {
        const std::int64_t last = written;
        VectorQuery query{.vector = RandomVector(random, kDimension), .k = 40};
        if (last >= 0) {
          query.filter = {Equals("batch", last)};
        }
        const auto hits = SearchIn(vectors, kNotes, query);
        EXPECT_TRUE(last < 0 || hits.size() == 20U) << last << ": " << hits.size();
      }
    });
  }
  core::Random random(9);
  const std::vector<std::string> gone = {"gone"};
  for (std::int64_t batch = 0; batch < kBatches; ++batch) {
    auto rows = RandomRows(random, static_cast<std::size_t>(batch) * 20, 20, kDimension);
    for (VectorRow& row : rows) {
      row.metadata = {{"batch", batch}};
    }
    rows.push_back({"gone", RandomVector(random, kDimension), {}});
    Upsert(kNotes, rows);
    written = batch;
    EXPECT_EQ(other->Delete(kNotes, gone), 1);
  }
  stop = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(Count(kNotes), kBatches * 20);
}

TEST_P(VectorsContract, WritersBesideEachOtherLoseNothing) {
  constexpr std::size_t kDimension = 4;
  constexpr int kWriters = 4;
  constexpr int kWrites = 25;
  const auto other = rig_->Open();
  Create(kNotes, kDimension);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      core::Random random(static_cast<std::uint64_t>(writer));
      Vectors& vectors = writer % 2 == 0 ? *other : *vectors_;
      for (int i = 0; i < kWrites; ++i) {
        const std::vector<VectorRow> rows = {
            {std::to_string(writer) + "-" + std::to_string(i),
             RandomVector(random, kDimension),
             {}},
            {"all", RandomVector(random, kDimension), {{"by", writer}, {"n", i}}}};
        Expect(vectors.Upsert(kNotes, rows));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  constexpr std::size_t kRows = kWriters * kWrites + 1;
  EXPECT_EQ(Count(kNotes), kRows);
  const VectorQuery query{.vector = {1, 0, 0, 0}, .k = kRows + 10};
  const auto hits = Search(kNotes, query);
  EXPECT_EQ(hits.size(), kRows);
  EXPECT_EQ(IdsOf(hits), IdsOf(SearchIn(*other, kNotes, query)));
}

}  // namespace signalbox::store
