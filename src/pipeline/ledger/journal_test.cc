#include "pipeline/ledger/journal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "pipeline/ledger/ledger_test_support.h"

namespace signalbox::ledger {
namespace {

constexpr JournalOptions kSmall{.ring_bytes = 512 * 1024, .high_water = 0.9};

std::unique_ptr<Journal> OpenSmall(const TempDirectory& directory) {
  auto journal = Journal::Open(directory.File("j.ring"), kSmall);
  EXPECT_TRUE(journal.has_value()) << (journal ? "" : journal.error().message);
  return *std::move(journal);
}

void AppendCall(Journal& journal, std::uint64_t number) {
  ASSERT_TRUE(journal.AppendIntent(SampleIntent(number)));
  journal.AppendSettlement(SampleSettlement(number));
}

void Flip(const std::string& path, std::uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ 0x40);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

constexpr std::uint64_t kDataOffset = 2 * 4096;  // of a ring this small: header, directory

TEST(Journal, HandsRecordsOutInOrderAndOnce) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  for (std::uint64_t i = 0; i < 100; ++i) {
    AppendCall(*journal, i);
  }
  const auto records = DrainAll(*journal);
  ASSERT_EQ(records.size(), 200U);
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(records[2 * i].record.request, SampleId(i));
    EXPECT_FALSE(records[2 * i].settlement());
    EXPECT_TRUE(records[2 * i + 1].settlement());
  }
  EXPECT_TRUE(journal->empty());
  EXPECT_EQ(journal->fill(), 0);
  EXPECT_TRUE(DrainAll(*journal).empty());
}

// As at an upgrade: one process removes journals that it has emptied while another looks for one of
// its own. Locks belong to open files, so threads are as good as processes here.
TEST(Journal, IsNeverTwoOnesWhoeverRemovesItMeanwhile) {
  const TempDirectory directory;
  const std::string path = directory.File("j.ring");
  std::atomic<int> holders = 0;
  std::atomic<int> opened = 0;
  const auto work = [&] {
    for (int i = 0; i < 100; ++i) {
      auto journal = Journal::Open(path, kSmall);
      if (!journal) {
        EXPECT_EQ(journal.error().code, core::ErrorCode::kConflict) << journal.error().message;
        continue;
      }
      EXPECT_EQ(holders.fetch_add(1), 0) << "two have it";
      AppendCall(**journal, 1);
      EXPECT_EQ(DrainAll(**journal).size(), 2U);
      struct stat named{};
      EXPECT_EQ(stat(path.c_str(), &named), 0) << "it has lost its name";
      ++opened;
      --holders;
      unlink(path.c_str());
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(opened, 0);
}

TEST(Journal, WrapsManyTimesWithoutLosingARecord) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  std::uint64_t drained = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    AppendCall(*journal, i);
    if (i % 997 == 0) {
      for (const auto& one : DrainAll(*journal)) {
        ASSERT_EQ(one.record.request, SampleId(drained / 2));
        ++drained;
      }
    }
  }
  EXPECT_EQ(drained + DrainAll(*journal).size(), 200'000U);
}

TEST(Journal, RefusesIntentsAboveTheMarkAndAlwaysTakesSettlements) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  const std::string longest(255, 'x');
  std::uint64_t accepted = 0;
  for (;; ++accepted) {
    const auto status = journal->AppendIntent(SampleIntent(accepted));
    if (!status) {
      EXPECT_EQ(status.error().code, core::ErrorCode::kUnavailable);
      break;
    }
  }
  EXPECT_GT(accepted, 150U);  // each has room for the longest settlement
  for (std::uint64_t i = 0; i < accepted; ++i) {
    Record settlement = LongestSettlement(longest);
    settlement.request = SampleId(i);
    journal->AppendSettlement(settlement);
  }
  EXPECT_FALSE(journal->AppendIntent(SampleIntent(0)));
  EXPECT_EQ(DrainAll(*journal).size(), 2 * accepted);
  EXPECT_TRUE(journal->AppendIntent(SampleIntent(0)));
}

// Records that come without an intent take nothing of the room that open calls were promised.
TEST(Journal, ARecordOfItsOwnIsRefusedAboveTheMarkAndLeavesRoomForOpenCalls) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  std::uint64_t open = 0;
  for (; open < 20; ++open) {
    ASSERT_TRUE(journal->AppendIntent(SampleIntent(open)));
  }
  std::uint64_t alone = 0;
  core::Status taken;
  while ((taken = journal->AppendAlone(SampleSettlement(1000 + alone)))) {
    ++alone;
  }
  EXPECT_EQ(taken.error().code, core::ErrorCode::kUnavailable);
  EXPECT_GT(alone, 1000U);
  const std::string text(255, 'x');
  for (std::uint64_t i = 0; i < open; ++i) {
    journal->AppendSettlement(LongestSettlement(text));
  }
  EXPECT_EQ(DrainAll(*journal).size(), 2 * open + alone);
  EXPECT_TRUE(journal->AppendAlone(SampleSettlement(1)));
}

TEST(Journal, RefusesAtItsHighWaterMark) {
  const TempDirectory directory;
  auto journal =
      *Journal::Open(directory.File("j.ring"), {.ring_bytes = 512 * 1024, .high_water = 0.25});
  std::uint64_t number = 0;
  while (journal->AppendIntent(SampleIntent(number))) {
    journal->AppendSettlement(SampleSettlement(number++));
  }
  EXPECT_NEAR(journal->fill(), 0.25, 0.01);
}

TEST(Journal, KeepsWhatATakerRefusesAndHandsItAgain) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  for (std::uint64_t i = 0; i < 10; ++i) {
    AppendCall(*journal, i);
  }
  std::size_t taken = 0;
  const std::size_t count = journal->Drain([&](std::span<const std::byte>) -> core::Status {
    if (taken == 7) {
      return core::Fail(core::ErrorCode::kInternal, "full");
    }
    ++taken;
    return {};
  });
  EXPECT_EQ(count, 7U);
  const auto rest = DrainAll(*journal);
  ASSERT_EQ(rest.size(), 13U);
  EXPECT_EQ(rest.front().record.request, SampleId(3));
  EXPECT_TRUE(rest.front().settlement());
}

TEST(Journal, AnotherProcessFindsWhatWasNotArchived) {
  const TempDirectory directory;
  {
    auto journal = OpenSmall(directory);
    for (std::uint64_t i = 0; i < 500; ++i) {
      AppendCall(*journal, i);
    }
    EXPECT_EQ(DrainAll(*journal).size(), 1000U);
    for (std::uint64_t i = 500; i < 900; ++i) {
      AppendCall(*journal, i);
    }
  }
  auto journal = OpenSmall(directory);
  EXPECT_TRUE(journal->has_earlier_records());
  EXPECT_EQ(journal->damaged_bytes(), 0U);
  AppendCall(*journal, 900);
  // First the earlier process's, then its own, also when the taker gives up on the way.
  std::size_t taken = 0;
  journal->Drain([&](std::span<const std::byte>) -> core::Status {
    if (taken == 33) {
      return core::Fail(core::ErrorCode::kInternal, "full");
    }
    ++taken;
    return {};
  });
  const auto records = DrainAll(*journal);
  ASSERT_EQ(taken + records.size(), 802U);
  EXPECT_EQ(records.front().record.request, SampleId(516));
  EXPECT_EQ(records.back().record.request, SampleId(900));
  EXPECT_FALSE(journal->has_earlier_records());
}

TEST(Journal, AFlippedByteCostsOneRecordAndIsCounted) {
  const TempDirectory directory;
  {
    auto journal = OpenSmall(directory);
    for (std::uint64_t i = 0; i < 1000; ++i) {  // several chunks
      AppendCall(*journal, i);
    }
  }
  Flip(directory.File("j.ring"), kDataOffset + 30'000);
  auto journal = OpenSmall(directory);
  EXPECT_GT(journal->damaged_bytes(), 0U);
  EXPECT_LE(journal->damaged_bytes(), kMaxRecordBytes);
  EXPECT_EQ(DrainAll(*journal).size(), 1999U);
}

TEST(Journal, ADamagedEndOfAChunkIsCountedWhenAnotherFollows) {
  const TempDirectory directory;
  std::uint64_t last = 0;
  {
    auto journal = OpenSmall(directory);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      AppendCall(*journal, i);
    }
    journal->Read(kChunkBytes, [&](std::span<const std::byte> run, std::uint64_t) {
      last = last == 0 ? run.size() - 20 : last;
      return core::Status();
    });
  }
  Flip(directory.File("j.ring"), kDataOffset + last);
  auto journal = OpenSmall(directory);
  EXPECT_GT(journal->damaged_bytes(), 0U);
  EXPECT_EQ(DrainAll(*journal).size(), 1999U);
}

TEST(Journal, ATruncatedFileKeepsItsFirstRecords) {
  const TempDirectory directory;
  {
    auto journal = OpenSmall(directory);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      AppendCall(*journal, i);
    }
  }
  ASSERT_EQ(truncate(directory.File("j.ring").c_str(), kDataOffset + 100'000), 0);
  auto journal = OpenSmall(directory);
  EXPECT_GT(journal->damaged_bytes(), 0U);
  const auto records = DrainAll(*journal);
  EXPECT_GT(records.size(), 500U);
  EXPECT_LT(records.size(), 1000U);
  AppendCall(*journal, 1);
  EXPECT_EQ(DrainAll(*journal).size(), 2U);
}

TEST(Journal, ADamagedHeaderIsAnErrorThatSaysWhatToDo) {
  const TempDirectory directory;
  OpenSmall(directory);
  Flip(directory.File("j.ring"), 3);
  const auto journal = Journal::Open(directory.File("j.ring"), kSmall);
  ASSERT_FALSE(journal.has_value());
  EXPECT_NE(journal.error().message.find("j.ring"), std::string::npos);
  EXPECT_NE(journal.error().message.find("move it away"), std::string::npos);
}

TEST(Journal, AnEmptyRingTakesANewSizeAndAFullOneKeepsItsOwn) {
  const TempDirectory directory;
  const std::string path = directory.File("j.ring");
  {
    auto journal = OpenSmall(directory);
    AppendCall(*journal, 1);
  }
  const auto small = std::filesystem::file_size(path);
  JournalOptions larger = kSmall;
  larger.ring_bytes *= 2;
  EXPECT_EQ(DrainAll(**Journal::Open(path, larger)).size(), 2U);
  EXPECT_EQ(std::filesystem::file_size(path), small);
  EXPECT_TRUE(DrainAll(**Journal::Open(path, larger)).empty());
  EXPECT_GT(std::filesystem::file_size(path), small);
}

TEST(Journal, TakesAllItsDiskSpaceAtOpen) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  struct stat info{};
  ASSERT_EQ(stat(directory.File("j.ring").c_str(), &info), 0);
  EXPECT_GE(static_cast<std::uint64_t>(info.st_blocks) * 512, kSmall.ring_bytes);
}

TEST(Journal, ALimitOnFileSizesShowsAtOpen) {
  const TempDirectory directory;
  struct rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit tight{256 * 1024, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto journal = Journal::Open(directory.File("j.ring"), kSmall);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(journal.has_value());
  EXPECT_NE(journal.error().message.find("cannot allocate"), std::string::npos);
}

TEST(Journal, ASizeThatIsNoneIsRefused) {
  const TempDirectory directory;
  EXPECT_FALSE(Journal::Open(directory.File("a"), {.ring_bytes = 1000}).has_value());
  EXPECT_FALSE(Journal::Open(directory.File("a"), {.ring_bytes = 300'001}).has_value());
  EXPECT_FALSE(Journal::Open(directory.File("no/such/a"), kSmall).has_value());
}

TEST(Journal, AppendsAndDrainsAtTheSameTime) {
  const TempDirectory directory;
  auto journal = OpenSmall(directory);
  constexpr std::uint64_t kCalls = 50'000;
  std::thread worker([&] {
    for (std::uint64_t i = 0; i < kCalls;) {
      if (journal->AppendIntent(SampleIntent(i))) {
        journal->AppendSettlement(SampleSettlement(i));
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::uint64_t seen = 0;
  while (seen < 2 * kCalls) {
    journal->Drain([&](std::span<const std::byte> bytes) {
      Record record;
      EXPECT_NE(DecodeRecord(bytes, record), 0U);
      EXPECT_EQ(record.request, SampleId(seen / 2));
      ++seen;
      return core::Status();
    });
    journal->Trim();
    EXPECT_LE(journal->fill(), 1.0);
    std::this_thread::yield();
  }
  worker.join();
}

}  // namespace
}  // namespace signalbox::ledger
