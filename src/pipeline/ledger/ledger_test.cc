#include "pipeline/ledger/ledger.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <map>

#include "pipeline/ledger/ledger_test_support.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 30s;  // a limit, not a pause

LedgerOptions Small() {
  LedgerOptions options;
  options.journal.ring_bytes = 512 * 1024;
  options.archive.segment_bytes = 256 * 1024;
  options.archiver.busy_interval = 1ms;
  options.archiver.idle_interval = 1ms;
  options.archiver.retry_interval = 1ms;
  return options;
}

std::unique_ptr<Ledger> OpenLedger(const std::string& directory, LedgerOptions options = Small()) {
  auto ledger = Ledger::Open(directory, std::move(options));
  EXPECT_TRUE(ledger.has_value()) << (ledger ? "" : ledger.error().message);
  EXPECT_TRUE((*ledger)->archiver().WaitRecovered(kLong));
  return *std::move(ledger);
}

void AppendCalls(Journal& journal, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t i = from; i < to;) {
    if (journal.AppendIntent(SampleIntent(i))) {
      journal.AppendSettlement(SampleSettlement(i++));
    } else {
      std::this_thread::yield();
    }
  }
}

template <typename Predicate>
bool Eventually(Predicate predicate) {
  const auto limit = std::chrono::steady_clock::now() + kLong;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > limit) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

TEST(Ledger, EverythingIsInTheArchiveAfterAStop) {
  const TempDirectory directory;
  {
    auto ledger = OpenLedger(directory.path());
    AppendCalls(ledger->journal(0), 0, 5000);
  }
  const auto records = ReadAll(directory.path());
  ASSERT_EQ(records.size(), 10'000U);
  for (std::uint64_t i = 0; i < 5000; ++i) {
    ASSERT_EQ(records[2 * i].record.request, SampleId(i));
  }
  EXPECT_GT(ListSegments(LedgerDirectory(directory.path())).size(), 1U);
}

TEST(Ledger, TheNextProcessBooksOpenCallsAsUncertainOnce) {
  const TempDirectory directory;
  {
    auto ledger = OpenLedger(directory.path());
    ASSERT_TRUE(ledger->journal(0).AppendIntent(SampleIntent(1'000'000)));
    AppendCalls(ledger->journal(0), 0, 5000);  // many segments later it is still open
    ASSERT_TRUE(ledger->journal(0).AppendIntent(SampleIntent(2'000'000)));
  }
  for (int life = 0; life < 3; ++life) {
    auto ledger = OpenLedger(directory.path());
    EXPECT_EQ(ledger->archiver().booked_uncertain(), life == 0 ? 2U : 0U);
  }
  std::map<core::RequestId, int> uncertain;
  for (const auto& one : ReadAll(directory.path())) {
    if (one.settlement() && one.record.outcome == Outcome::kUncertain) {
      ++uncertain[one.record.request];
      EXPECT_EQ(one.model, "gpt-4o-mini");
      EXPECT_EQ(one.record.usage.output, -1);
      EXPECT_EQ(one.record.cost_nano_usd, -1);
    }
  }
  EXPECT_EQ(uncertain,
            (std::map<core::RequestId, int>{{SampleId(1'000'000), 1}, {SampleId(2'000'000), 1}}));
}

TEST(Ledger, CallsOfThisProcessAreNotBooked) {
  const TempDirectory directory;
  auto ledger = OpenLedger(directory.path());
  ASSERT_TRUE(ledger->journal(0).AppendIntent(SampleIntent(1)));
  AppendCalls(ledger->journal(0), 10, 3000);
  ledger->journal(0).AppendSettlement(SampleSettlement(1));
  ledger.reset();
  ledger = OpenLedger(directory.path());
  EXPECT_EQ(ledger->archiver().booked_uncertain(), 0U);
}

TEST(Ledger, AJournalOfAWorkerThatIsNoMoreIsEmptied) {
  const TempDirectory directory;
  std::filesystem::create_directories(LedgerDirectory(directory.path()));
  const std::string orphan = LedgerDirectory(directory.path()) + "/worker-5.ring";
  {
    auto journal = *Journal::Open(orphan, {.ring_bytes = 256 * 1024});
    AppendCalls(*journal, 0, 10);
  }
  OpenLedger(directory.path());
  EXPECT_EQ(ReadAll(directory.path()).size(), 20U);
  EXPECT_TRUE(std::filesystem::exists(orphan));
  {
    const auto ledger = OpenLedger(directory.path());
    EXPECT_FALSE(std::filesystem::exists(orphan)) << "it was empty at the start";
    EXPECT_FALSE(ledger->unfinished());
  }
  EXPECT_EQ(ReadAll(directory.path()).size(), 20U);
}

TEST(Ledger, AJournalThatIsLeftOverGoesWhenAllOfItIsArchived) {
  const TempDirectory directory;
  std::filesystem::create_directories(LedgerDirectory(directory.path()));
  const std::string orphan = LedgerDirectory(directory.path()) + "/worker-5.ring";
  {
    auto journal = *Journal::Open(orphan, {.ring_bytes = 256 * 1024});
    AppendCalls(*journal, 0, 10);
    ASSERT_TRUE(journal->AppendIntent(SampleIntent(77)));  // never settled
  }
  {
    auto ledger = OpenLedger(directory.path());
    EXPECT_TRUE(ledger->unfinished());
    ASSERT_TRUE(ledger->Tend());
    EXPECT_FALSE(ledger->unfinished());
    EXPECT_FALSE(std::filesystem::exists(orphan));
    AppendCalls(ledger->journal(0), 10, 20);  // the archiver goes on without it
  }
  const auto all = ReadAll(directory.path());
  EXPECT_EQ(all.size(), 20U + 2U + 20U);
  EXPECT_EQ(std::ranges::count_if(all,
                                  [](const auto& one) {
                                    return one.settlement() &&
                                           one.record.outcome == Outcome::kUncertain;
                                  }),
            1);
}

TEST(Ledger, OldSegmentsGoWhenThereIsTooMuch) {
  const TempDirectory directory;
  LedgerOptions options = Small();
  options.archive.keep_bytes = 1024 * 1024;
  {
    auto ledger = OpenLedger(directory.path(), options);
    AppendCalls(ledger->journal(0), 0, 20'000);
  }
  const auto segments = ListSegments(LedgerDirectory(directory.path()));
  EXPECT_GT(segments.front().number, 1U);
  const auto records = ReadAll(directory.path());
  EXPECT_GT(records.size(), 1000U);
  EXPECT_LT(records.size(), 20'000U);
  EXPECT_EQ(records.back().record.request, SampleId(19'999));
}

TEST(Ledger, TwoProcessesNeverShareADirectory) {
  const TempDirectory directory;
  auto ledger = OpenLedger(directory.path());
  const auto second = Ledger::Open(directory.path(), Small());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, core::ErrorCode::kConflict);
  EXPECT_NE(second.error().message.find("pid " + std::to_string(getpid())), std::string::npos);
  EXPECT_TRUE(DataLock::Held(directory.path()));
  ledger.reset();
  EXPECT_FALSE(DataLock::Held(directory.path()));
  EXPECT_TRUE(Ledger::Open(directory.path(), Small()).has_value());
}

TEST(Ledger, AnArchiveCutAnywhereIsReadUpToThereAndGrowsAgain) {
  const TempDirectory directory;
  const std::string path = SegmentPath(LedgerDirectory(directory.path()), 1);
  {
    auto ledger = OpenLedger(directory.path());
    AppendCalls(ledger->journal(0), 0, 20);
  }
  const auto whole = std::filesystem::file_size(path);
  for (std::uintmax_t size = 0; size < whole; size += 13) {
    const TempDirectory copy;
    std::filesystem::create_directories(LedgerDirectory(copy.path()));
    std::filesystem::copy(path, SegmentPath(LedgerDirectory(copy.path()), 1));
    std::filesystem::resize_file(SegmentPath(LedgerDirectory(copy.path()), 1), size);
    {
      auto ledger = OpenLedger(copy.path());
      AppendCalls(ledger->journal(0), 100, 101);
    }
    const auto records = ReadAll(copy.path());
    ASSERT_GE(records.size(), 2U) << size;
    EXPECT_EQ(records.size() % 2, 0U) << size;  // a call cut off is booked as uncertain
    EXPECT_EQ(records.back().record.request, SampleId(100));
  }
}

TEST(Ledger, ADamagedArchiveLosesTheDamagedRecordsOnly) {
  const TempDirectory directory;
  {
    auto ledger = OpenLedger(directory.path());
    AppendCalls(ledger->journal(0), 0, 100);
  }
  const std::string path = SegmentPath(LedgerDirectory(directory.path()), 1);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5000);
    file.write("damage", 6);
  }
  Reader reader(directory.path());
  const auto records = ReadAll(reader);
  EXPECT_GE(records.size(), 198U);
  EXPECT_LT(records.size(), 200U);
  EXPECT_GT(reader.damaged_bytes(), 0U);
  auto ledger = OpenLedger(directory.path());
  AppendCalls(ledger->journal(0), 200, 201);
  ledger.reset();
  EXPECT_EQ(ReadAll(directory.path()).back().record.request, SampleId(200));
}

// A disk of its own, of one size.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size)
      : mounted_(mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, size) == 0) {}
  ~SmallDisk() {
    if (mounted_) {
      umount2(directory_.path().c_str(), MNT_DETACH);
    }
  }
  bool mounted() const { return mounted_; }
  const std::string& path() const { return directory_.path(); }

 private:
  TempDirectory directory_;
  bool mounted_;
};

TEST(Ledger, AFullDiskRaisesTheAlarmRefusesNewIntentsAndLosesNothing) {
  const SmallDisk disk("size=3m");
  if (!disk.mounted()) {
    GTEST_SKIP() << "skipped: needs the right to mount a tmpfs";
  }
  std::atomic<int> alarms{0};
  LedgerOptions options = Small();
  options.archive.segment_bytes = 64 << 20U;
  options.archiver.on_alarm = [&](const core::Error* error) { alarms += error != nullptr ? 1 : 0; };
  auto ledger = OpenLedger(disk.path(), options);
  std::ofstream(disk.path() + "/ballast") << std::string(2 << 20U, 'b');
  std::uint64_t accepted = 0;
  ASSERT_TRUE(Eventually([&] {
    if (ledger->journal(0).AppendIntent(SampleIntent(accepted))) {
      ledger->journal(0).AppendSettlement(SampleSettlement(accepted++));
      return false;
    }
    return ledger->archiver().failing();
  }));
  EXPECT_TRUE(Eventually([&] { return alarms.load() != 0; }));
  EXPECT_GT(ledger->fill(), 0.8);
  std::filesystem::remove(disk.path() + "/ballast");
  ASSERT_TRUE(Eventually([&] { return !ledger->archiver().failing() && ledger->fill() == 0; }));
  AppendCalls(ledger->journal(0), accepted, accepted + 1);
  ledger.reset();
  const auto records = ReadAll(disk.path());
  ASSERT_EQ(records.size(), 2 * (accepted + 1));
  for (std::uint64_t i = 0; i <= accepted; ++i) {
    ASSERT_EQ(records[2 * i].record.request, SampleId(i));
  }
}

TEST(Ledger, ADiskThatIsFullAtTheStartIsAClearError) {
  const SmallDisk disk("size=1m");
  if (!disk.mounted()) {
    GTEST_SKIP() << "skipped: needs the right to mount a tmpfs";
  }
  LedgerOptions options = Small();
  options.journal.ring_bytes = 2 << 20U;
  const auto ledger = Ledger::Open(disk.path(), options);
  ASSERT_FALSE(ledger.has_value());
  EXPECT_NE(ledger.error().message.find("cannot allocate"), std::string::npos);
}

TEST(Reader, FollowsWhileTheLedgerIsWritten) {
  const TempDirectory directory;
  LedgerOptions options = Small();
  options.workers = 2;
  auto ledger = OpenLedger(directory.path(), options);
  auto first = std::async(std::launch::async, [&] { AppendCalls(ledger->journal(0), 0, 8000); });
  auto second =
      std::async(std::launch::async, [&] { AppendCalls(ledger->journal(1), 10'000, 18'000); });
  Reader reader(directory.path());
  std::map<core::RequestId, int> seen;
  std::size_t count = 0;
  ASSERT_TRUE(Eventually([&] {
    for (const auto& one : ReadAll(reader)) {
      ++seen[one.record.request];
      ++count;
    }
    return count >= 32'000;
  }));
  first.get();
  second.get();
  EXPECT_EQ(count, 32'000U);
  EXPECT_EQ(seen.size(), 16'000U);
  ledger.reset();
  EXPECT_TRUE(ReadAll(reader).empty());
}

TEST(Reader, SeesRecordsThatAreOnlyInTheJournal) {
  const TempDirectory directory;
  std::filesystem::create_directories(LedgerDirectory(directory.path()));
  auto journal = *Journal::Open(LedgerDirectory(directory.path()) + "/worker-0.ring",
                                {.ring_bytes = 256 * 1024});
  AppendCalls(*journal, 0, 3);
  Reader reader(directory.path());
  EXPECT_EQ(ReadAll(reader).size(), 6U);
  AppendCalls(*journal, 3, 4);
  EXPECT_EQ(ReadAll(reader).size(), 2U);
}

TEST(Reader, TailReadsTheLastRecordsAndThenFollows) {
  const TempDirectory directory;
  auto ledger = OpenLedger(directory.path());
  AppendCalls(ledger->journal(0), 0, 5000);
  ASSERT_TRUE(Eventually([&] { return ledger->fill() == 0; }));
  for (const std::size_t wanted : {1U, 3U, 2000U, 10'000U, 20'000U}) {
    Reader reader(directory.path());
    std::vector<OwnedRecord> last;
    ASSERT_TRUE(reader.Tail(wanted, [&](const Record& r) { last.emplace_back(r); }).has_value());
    ASSERT_EQ(last.size(), std::min<std::size_t>(wanted, 10'000));
    EXPECT_EQ(last.back().record.request, SampleId(4999));
    EXPECT_TRUE(ReadAll(reader).empty());
  }
}

TEST(Reader, SaysThatThereIsNoLedger) {
  const TempDirectory directory;
  Reader reader(directory.path());
  const auto count = reader.Poll([](const Record&) {});
  ASSERT_FALSE(count.has_value());
  EXPECT_EQ(count.error().code, core::ErrorCode::kNotFound);
}

// What a program and its successor do, in one process.
TEST(Ledger, AnotherTakesOverWithoutLosingOrDoublingAnything) {
  const TempDirectory directory;
  auto before = OpenLedger(directory.path());
  AppendCalls(before->journal(0), 0, 500);
  ASSERT_TRUE(before->journal(0).AppendIntent(SampleIntent(1'000'000)));  // a long stream
  ASSERT_TRUE(before->journal(0).AppendIntent(SampleIntent(2'000'000)));  // never settled

  auto after = *Ledger::OpenBeside(directory.path(), Small());
  AppendCalls(after->journal(0), 500, 1000);
  ASSERT_TRUE(after->journal(0).AppendIntent(SampleIntent(3'000'000)));
  ASSERT_TRUE(after->Tend());
  EXPECT_TRUE(after->unfinished()) << "the archive is still the other one's";

  before->HandOver();
  ASSERT_TRUE(after->Tend());
  EXPECT_TRUE(after->unfinished()) << "the other one still has a journal";
  ASSERT_TRUE(after->archiver().WaitRecovered(kLong));
  AppendCalls(after->journal(0), 1000, 1500);
  before->journal(0).AppendSettlement(SampleSettlement(1'000'000));
  ASSERT_TRUE(after->Tend());
  EXPECT_EQ(after->archiver().booked_uncertain(), 0U);

  before.reset();
  ASSERT_TRUE(after->Tend());
  ASSERT_TRUE(after->archiver().WaitRecovered(kLong));
  EXPECT_EQ(after->archiver().booked_uncertain(), 1U);
  EXPECT_TRUE(after->unfinished()) << "the other one's journal is still there";
  ASSERT_TRUE(after->Tend());
  EXPECT_FALSE(after->unfinished());
  EXPECT_EQ(ListJournals(LedgerDirectory(directory.path())).size(), 1U);
  after->journal(0).AppendSettlement(SampleSettlement(3'000'000));
  after.reset();

  std::map<core::RequestId, std::vector<Outcome>> settled;
  for (const auto& one : ReadAll(directory.path())) {
    if (one.settlement()) {
      settled[one.record.request].push_back(one.record.outcome);
    }
  }
  EXPECT_EQ(settled.size(), 1503U);
  for (const auto& [request, outcomes] : settled) {
    const bool lost = request == SampleId(2'000'000);
    ASSERT_EQ(outcomes, std::vector{lost ? Outcome::kUncertain : Outcome::kOk});
  }
}

TEST(Ledger, WhoeverHandedOverLeavesTheDirectoryAlone) {
  const TempDirectory directory;
  auto before = OpenLedger(directory.path());
  before->HandOver();
  EXPECT_FALSE(DataLock::Held(directory.path()));
  ASSERT_TRUE(before->Tend());
  EXPECT_FALSE(DataLock::Held(directory.path()));
  auto after = OpenLedger(directory.path());
  EXPECT_TRUE(after->unfinished());
  EXPECT_EQ(DataLock::Holder(directory.path()), getpid());
}

TEST(Reader, FindsTheRecordsOfOneRequest) {
  const TempDirectory directory;
  core::Random random;
  const auto wanted = core::RequestId::New(core::WallNow(), random);
  {
    auto ledger = OpenLedger(directory.path());
    AppendCalls(ledger->journal(0), 0, 2000);
    for (const std::uint16_t attempt : {1, 2}) {
      Record record = SampleIntent(1);
      record.request = wanted;
      record.attempt = attempt;
      ASSERT_TRUE(ledger->journal(0).AppendIntent(record));
      record = SampleSettlement(1);
      record.request = wanted;
      record.attempt = attempt;
      record.outcome = attempt == 1 ? Outcome::kFailed : Outcome::kOk;
      ledger->journal(0).AppendSettlement(record);
    }
    AppendCalls(ledger->journal(0), 2000, 4000);
  }
  std::string story;
  Reader reader(directory.path());
  const auto found = reader.Find(wanted, [&](const Record& record) {
    story += std::to_string(record.attempt);
    story += record.type == RecordType::kIntent ? " intent, "
                                                : " " + std::string(Name(record.outcome)) + ", ";
  });
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, 4U);
  EXPECT_EQ(story, "1 intent, 1 failed, 2 intent, 2 ok, ");
  EXPECT_EQ(*Reader(directory.path())
                 .Find(core::RequestId::New(core::WallNow(), random), [](const Record&) {}),
            0U);
}

}  // namespace
}  // namespace signalbox::ledger
