#include "pipeline/ledger/archive.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "pipeline/ledger/chain.h"
#include "pipeline/ledger/ledger_test_support.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

class Ages : public testing::Test {
 protected:
  Ages() { progress_.AwaitShipping(); }

  // What a running archive does within a minute, with one more record.
  void AddAndLook(core::WallTime time) {
    auto archive = Archive::Open(directory_.path(), {.keep_time = 24h, .progress = &progress_});
    ASSERT_TRUE(archive.has_value()) << archive.error().message;
    Record record = SampleSettlement(1);
    record.time = time;
    ASSERT_TRUE((*archive)->AppendOwn(record));
    ASSERT_TRUE((*archive)->Commit());
  }
  std::vector<std::uint32_t> Segments() const {
    std::vector<std::uint32_t> numbers;
    for (const SegmentName& segment : ListSegments(directory_.path())) {
      numbers.push_back(segment.number);
    }
    return numbers;
  }
  void WrittenAt(std::uint32_t segment, core::WallTime time) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const timespec both[2] = {{.tv_sec = seconds, .tv_nsec = 0}, {.tv_sec = seconds, .tv_nsec = 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, SegmentPath(directory_.path(), segment).c_str(), both, 0), 0);
  }

  const TempDirectory directory_;
  ArchiveProgress progress_;
  const core::WallTime now_ = core::WallNow();
};

TEST_F(Ages, ASegmentIsClosedWhenItsBeginIsAQuarterOfTheTimeOld) {
  AddAndLook(now_ - 5h);
  AddAndLook(now_);
  EXPECT_EQ(Segments(), (std::vector<std::uint32_t>{1}));
  WrittenAt(1, now_ - 30h);  // the open one never goes
  AddAndLook(now_ - 30h);
  EXPECT_EQ(Segments(), (std::vector<std::uint32_t>{1}));
}

TEST_F(Ages, AClosedSegmentGoesWhenItIsTooOldAndShipped) {
  AddAndLook(now_ - 7h);
  EXPECT_EQ(Segments(), (std::vector<std::uint32_t>{1, 2}));
  WrittenAt(1, now_ - 25h);
  AddAndLook(now_);
  EXPECT_EQ(Segments(), (std::vector<std::uint32_t>{1, 2})) << "the store has not got it";
  progress_.SetShipped({2, 0});
  AddAndLook(now_);
  EXPECT_EQ(Segments(), (std::vector<std::uint32_t>{2}));
  const auto checks = VerifySegments(directory_.path());
  ASSERT_TRUE(checks.has_value());
  ASSERT_EQ(checks->size(), 1U);
  EXPECT_EQ(checks->front().flaw, "");
}

}  // namespace
}  // namespace signalbox::ledger
