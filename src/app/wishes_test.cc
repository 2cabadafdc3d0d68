#include "app/wishes.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace signalbox::app {
namespace {

using namespace std::chrono_literals;

core::MonoTime Soon() {
  return core::MonoNow() + 20s;
}

// The signals stay blocked in this thread when the wishes are gone, so each test takes what it
// sends.
void Send(int signal) {
  pthread_kill(pthread_self(), signal);
}

TEST(Wishes, AreWhatSignalsMean) {
  Wishes wishes;
  const std::array<std::pair<int, Wish>, 4> meanings = {{{SIGTERM, Wish::kStop},
                                                         {SIGINT, Wish::kStop},
                                                         {SIGHUP, Wish::kReload},
                                                         {SIGUSR2, Wish::kUpgrade}}};
  for (const auto& [signal, wish] : meanings) {
    Send(signal);
    EXPECT_EQ(wishes.Wait(Soon()), wish) << signal;
  }
}

TEST(Wishes, EndWaitingAtTheirTime) {
  Wishes wishes;
  const core::MonoTime until = core::MonoNow() + 5ms;
  EXPECT_EQ(wishes.Wait(until), Wish::kNone);
  EXPECT_GE(core::MonoNow(), until);
  EXPECT_EQ(wishes.Wait(core::MonoNow() - 1s), Wish::kNone);
}

TEST(Wishes, OfOtherThreadsComeOnce) {
  Wishes wishes;
  std::thread other([&] {
    wishes.FilesChanged();
    wishes.FilesChanged();
  });
  other.join();
  EXPECT_EQ(wishes.Wait(Soon()), Wish::kFilesChanged);
  EXPECT_EQ(wishes.Wait(core::MonoNow()), Wish::kNone);
}

TEST(Wishes, HearADescriptorAsLongAsTheyListenToIt) {
  Wishes wishes;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  wishes.ListenTo(ends[0]);
  EXPECT_EQ(wishes.Wait(core::MonoNow()), Wish::kNone);
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  EXPECT_EQ(wishes.Wait(Soon()), Wish::kHeard);
  wishes.ListenTo(-1);
  EXPECT_EQ(wishes.Wait(core::MonoNow()), Wish::kNone);
  close(ends[0]);
  close(ends[1]);
}

TEST(Wishes, LeaveTheSecondSignalToTheSystem) {
  EXPECT_EXIT(
      {
        Wishes wishes;
        wishes.LetSignalsEnd();
        Send(SIGTERM);
        _exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace signalbox::app
