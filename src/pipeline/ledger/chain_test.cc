#include "pipeline/ledger/chain.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "pipeline/ledger/store_testing.h"

namespace signalbox::ledger {
namespace {

// The number of the first segment that is not as it was written; 0: none.
std::uint32_t FirstFlaw(const std::string& directory) {
  const auto checks = VerifySegments(directory);
  EXPECT_TRUE(checks.has_value()) << (checks ? "" : checks.error().message);
  for (const SegmentCheck& check : *checks) {
    if (!check.flaw.empty()) {
      return check.segment;
    }
  }
  return 0;
}

void Fill(const std::string& directory) {
  core::Random random(31);
  SampleArchive archive(directory);
  for (int i = 0; i < 10; ++i) {
    archive.AddCalls(random, 100);
  }
  ASSERT_GT(archive.progress.committed().segment, 4U);
}

TEST(Chain, SegmentsAsTheyWereWrittenAreGoodAlsoAfterARestart) {
  const TempDirectory directory;
  Fill(directory.path());
  Fill(directory.path());
  EXPECT_EQ(FirstFlaw(directory.path()), 0U);
  std::filesystem::remove(SegmentPath(directory.path(), 1));  // as `keep` does
  EXPECT_EQ(FirstFlaw(directory.path()), 0U);
}

TEST(Chain, AChangedByteShowsWhereItIs) {
  const TempDirectory directory;
  Fill(directory.path());
  std::fstream file(SegmentPath(directory.path(), 3), std::ios::in | std::ios::out);
  file.seekp(5000);
  file.put('!');
  file.close();
  EXPECT_EQ(FirstFlaw(directory.path()), 3U);
}

TEST(Chain, AMissingSegmentShows) {
  const TempDirectory directory;
  Fill(directory.path());
  std::filesystem::remove(SegmentPath(directory.path(), 3));
  EXPECT_EQ(FirstFlaw(directory.path()), 4U);
}

TEST(Chain, ASegmentThatWasCutShortShows) {
  const TempDirectory directory;
  Fill(directory.path());
  const std::string path = SegmentPath(directory.path(), 2);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 8);
  EXPECT_EQ(FirstFlaw(directory.path()), 2U);
}

using Counts = std::map<core::RequestId, int>;

// What a reader visits behind `from`, and where it ends.
Position Replay(const std::string& data, Position from, Counts& settled, Counts& intents) {
  Reader reader(data);
  const auto end = reader.Since(from, [&](const Record& record) {
    ++(record.type == RecordType::kSettlement ? settled : intents)[record.request];
  });
  EXPECT_TRUE(end.has_value()) << (end ? "" : end.error().message);
  return end.value_or(Position{});
}

TEST(Replay, VisitsWhatIsBehindAPlaceOnce) {
  const TempDirectory data;
  LedgerOptions options;
  options.journal.ring_bytes = 512 * 1024;
  options.archive.segment_bytes = 64 * 1024;
  std::uint64_t next = 0;
  const auto work = [&](Ledger& ledger, std::uint64_t count) {
    for (const std::uint64_t end = next + count; next < end;) {
      if (ledger.journal(0).AppendIntent(SampleIntent(next))) {
        ledger.journal(0).AppendSettlement(SampleSettlement(next++));
      } else {
        std::this_thread::yield();
      }
    }
  };
  Position place;
  {
    auto ledger = *Ledger::Open(data.path(), options);
    ASSERT_TRUE(ledger->journal(0).AppendIntent(SampleIntent(999'999)));  // open throughout
    work(*ledger, 1000);
  }
  Counts settled;
  Counts intents;
  place = Replay(data.path(), {}, settled, intents);
  EXPECT_EQ(settled.size(), 1000U);
  EXPECT_EQ(intents.size(), 1001U);
  {
    auto ledger = *Ledger::Open(data.path(), options);
    ASSERT_TRUE(ledger->archiver().WaitRecovered(std::chrono::seconds(30)));
    work(*ledger, 700);
  }
  {  // some stay in the ring
    auto journal = *Journal::Open(LedgerDirectory(data.path()) + "/worker-0.ring", options.journal);
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(journal->AppendIntent(SampleIntent(next)));
      journal->AppendSettlement(SampleSettlement(next++));
    }
  }
  settled.clear();
  intents.clear();
  const Position end = Replay(data.path(), place, settled, intents);
  EXPECT_GT(end, place);
  EXPECT_EQ(settled.size(), 751U);  // the open one was booked as uncertain
  EXPECT_EQ(settled.count(SampleId(999'999)), 1U);
  EXPECT_EQ(intents.size(), 750U);
  for (const auto& [id, count] : settled) {
    EXPECT_EQ(count, 1);
  }
  // From the begin of a later segment on, what was open then is told.
  settled.clear();
  intents.clear();
  Replay(data.path(), {2, 0}, settled, intents);
  EXPECT_EQ(intents.count(SampleId(999'999)), 1U);
  EXPECT_EQ(intents[SampleId(999'999)], 1);
}

}  // namespace
}  // namespace signalbox::ledger
