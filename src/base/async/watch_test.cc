#include "base/async/watch.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/async/async_testing.h"

namespace signalbox::async {
namespace {

using namespace std::chrono_literals;

// Two connected stream sockets, non-blocking.
struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0); }
  ~Pair() {
    CloseEnd(0);
    CloseEnd(1);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void CloseEnd(int end) {
    if (fd[end] >= 0) {
      close(std::exchange(fd[end], -1));
    }
  }
  void Send(std::string_view text) const {
    EXPECT_EQ(write(fd[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string Receive() const {
    char room[64];
    const ssize_t got = read(fd[0], room, sizeof room);
    return got > 0 ? std::string(room, static_cast<std::size_t>(got)) : std::string();
  }

  int fd[2] = {-1, -1};
};

struct Hangups final : Watch::HangupListener {
  void OnHangup(bool broken) override {
    calls.push_back(broken);
    if (then) {
      then();
    }
  }
  std::vector<bool> calls;
  std::function<void()> then;
};

LOOP_TEST(Watch, WaitsForBytesAndForRoom) {
  Pair pair;
  Watch watch(loop, pair.fd[0]);
  EXPECT_TRUE(watch.ok());
  const Wake writable = co_await watch.Writable({loop.now() + 10s});
  EXPECT_EQ(writable, Wake::kReady);
  EXPECT_TRUE(watch.writable());
  EXPECT_FALSE(watch.readable());
  const Wake nothing = co_await watch.Readable({loop.now() + 2ms});
  EXPECT_EQ(nothing, Wake::kDeadline);
  pair.Send("a");
  const Wake readable = co_await watch.Readable({loop.now() + 10s});
  EXPECT_EQ(readable, Wake::kReady);
  EXPECT_EQ(pair.Receive(), "a");
}

LOOP_TEST(Watch, WaitsForWhicheverComesFirst) {
  Pair pair;
  Watch watch(loop, pair.fd[0]);
  const Wake room = co_await watch.Either({loop.now() + 10s});
  EXPECT_EQ(room, Wake::kReady);
  EXPECT_TRUE(watch.writable());
  while (write(pair.fd[0], "0123456789abcdef", 16) == 16) {
  }
  watch.ClearWritable();
  const Wake nothing = co_await watch.Either({loop.now() + 2ms});
  EXPECT_EQ(nothing, Wake::kDeadline);
  pair.Send("a");
  const Wake bytes = co_await watch.Either({loop.now() + 10s});
  EXPECT_EQ(bytes, Wake::kReady);
  EXPECT_TRUE(watch.readable());
  EXPECT_FALSE(watch.writable());
  EXPECT_EQ(pair.Receive(), "a");
  watch.ClearReadable();
  char taken[64 * 1024];
  while (read(pair.fd[1], taken, sizeof taken) > 0) {
  }
  const Wake again = co_await watch.Either({loop.now() + 10s});
  EXPECT_EQ(again, Wake::kReady);
  EXPECT_TRUE(watch.writable());
}

LOOP_TEST(Watch, StaysReadableUntilItIsToldOtherwise) {
  Pair pair;
  Watch watch(loop, pair.fd[0]);
  pair.Send("ab");
  co_await watch.Readable({});
  const Wake again = co_await watch.Readable({loop.now()});
  EXPECT_EQ(again, Wake::kReady);
  EXPECT_EQ(pair.Receive(), "ab");
  watch.ClearReadable();
  EXPECT_FALSE(watch.readable());
  const Wake nothing = co_await watch.Readable({loop.now() + 2ms});
  EXPECT_EQ(nothing, Wake::kDeadline);
  pair.Send("c");
  const Wake news = co_await watch.Readable({loop.now() + 10s});
  EXPECT_EQ(news, Wake::kReady);
}

LOOP_TEST(Watch, HearsOfTheEndOfTheOtherSideOnce) {
  Pair pair;
  Watch watch(loop, pair.fd[0]);
  Hangups hangups;
  watch.set_hangup_listener(&hangups);
  shutdown(pair.fd[1], SHUT_WR);
  co_await watch.Readable({});
  EXPECT_EQ(hangups.calls, (std::vector{false}));
  EXPECT_TRUE(watch.hung_up());
  EXPECT_FALSE(watch.broken());
  watch.ClearReadable();
  EXPECT_TRUE(watch.readable()) << "an end is still to be read";
  pair.CloseEnd(1);
  co_await loop.SleepUntil({loop.now() + 5ms});
  EXPECT_EQ(hangups.calls, (std::vector{false, true}));
  EXPECT_TRUE(watch.broken());
  EXPECT_TRUE(watch.writable());
}

LOOP_TEST(Watch, ACancelledWaitLeavesTheDescriptorAsItWas) {
  Pair pair;
  Watch watch(loop, pair.fd[0]);
  Cancellation cancellation;
  cancellation.Cancel();
  const Wake wake = co_await watch.Readable({core::kNever, &cancellation});
  EXPECT_EQ(wake, Wake::kCancelled);
  pair.Send("x");
  const Wake readable = co_await watch.Readable({loop.now() + 10s});
  EXPECT_EQ(readable, Wake::kReady);
}

Task<void> DestroysWhenReadable(std::unique_ptr<Watch>* own, std::unique_ptr<Watch>* other,
                                int* woken) {
  const Wake wake = co_await (*own)->Readable({});
  EXPECT_EQ(wake, Wake::kReady);
  ++*woken;
  own->reset();
  if (other != nullptr) {
    other->reset();
  }
}

LOOP_TEST(Watch, MayBeDestroyedByTheCoroutineItWakes) {
  Pair pair;
  auto watch = std::make_unique<Watch>(loop, pair.fd[0]);
  int woken = 0;
  Gate gate(loop);
  gate.Spawn(DestroysWhenReadable(&watch, nullptr, &woken));
  pair.Send("x");
  co_await gate.Drained({});
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(watch, nullptr);
}

LOOP_TEST(Watch, MayBeDestroyedByItsOwnHangupListener) {
  Pair pair;
  auto watch = std::make_unique<Watch>(loop, pair.fd[0]);
  Hangups hangups;
  hangups.then = [&] { watch.reset(); };
  watch->set_hangup_listener(&hangups);
  pair.CloseEnd(1);
  while (watch != nullptr) {
    co_await loop.SleepUntil({loop.now() + 1ms});
  }
  EXPECT_EQ(hangups.calls.size(), 1U);
}

// Both hang up before the loop looks, so that both are in one batch; the first that is told
// destroys the other, which must then not be told.
LOOP_TEST(Watch, MayBeDestroyedByAnotherOfTheSameBatch) {
  std::array<Pair, 3> pairs;
  std::array<std::unique_ptr<Watch>, 3> watches;
  std::array<Hangups, 3> hangups;
  for (std::size_t i = 0; i < 3; ++i) {
    watches[i] = std::make_unique<Watch>(loop, pairs[i].fd[0]);
    hangups[i].then = [&watches, i] {
      for (std::size_t other = 0; other < 3; ++other) {
        if (other != i) {
          watches[other].reset();
        }
      }
    };
    watches[i]->set_hangup_listener(&hangups[i]);
  }
  for (Pair& pair : pairs) {
    pair.CloseEnd(1);
  }
  co_await loop.SleepUntil({loop.now() + 10ms});
  std::size_t told = 0;
  for (const Hangups& each : hangups) {
    told += each.calls.size();
  }
  EXPECT_EQ(told, 1U);
}

// As many connections as several bunches of events, all readable at once.
struct Crowd {
  explicit Crowd(Loop& loop) {
    for (std::size_t i = 0; i < 80; ++i) {
      watches[i] = std::make_unique<Watch>(loop, pairs[i].fd[0]);
    }
  }
  std::array<Pair, 80> pairs;
  std::array<std::unique_ptr<Watch>, 80> watches;
  std::string story;           // r: has read, w: may write
  std::size_t survivors = 80;  // of whoever is the first to write
};

Task<void> ReadsThenWrites(Loop* loop, Crowd* crowd, std::size_t mine) {
  if (co_await crowd->watches[mine]->Readable({loop->now() + 10s}) != Wake::kReady) {
    co_return;
  }
  crowd->story += 'r';
  co_await loop->AfterEvents();
  crowd->story += 'w';
  for (; crowd->survivors < crowd->watches.size(); ++crowd->survivors) {
    crowd->watches[crowd->survivors].reset();
  }
}

LOOP_TEST(Watch, WhatIsReadInATurnIsWrittenAFewAtATime) {
  Crowd crowd(loop);
  Gate gate(loop);
  for (std::size_t i = 0; i < crowd.watches.size(); ++i) {
    gate.Spawn(ReadsThenWrites(&loop, &crowd, i));
  }
  co_await loop.SleepUntil({loop.now() + 1ms});
  for (const Pair& pair : crowd.pairs) {
    pair.Send("x");
  }
  co_await gate.Drained({});
  std::string expected;
  for (const std::size_t bunch : {32U, 32U, 16U}) {
    // The last of a bunch has nobody to wait for.
    expected += std::string(bunch, 'r') + std::string(bunch, 'w');
  }
  EXPECT_EQ(crowd.story, expected);
}

LOOP_TEST(Watch, AloneNobodyIsWaitedFor) {
  Crowd crowd(loop);
  Gate gate(loop);
  gate.Spawn(ReadsThenWrites(&loop, &crowd, 0));
  crowd.pairs[0].Send("x");
  co_await gate.Drained({});
  EXPECT_EQ(crowd.story, "rw");
}

// The first bunch destroys those whose events come behind it in the same batch.
LOOP_TEST(Watch, MayBeDestroyedByABunchBeforeItsOwn) {
  Crowd crowd(loop);
  crowd.survivors = 32;
  Gate gate(loop);
  for (std::size_t i = 0; i < 32; ++i) {
    gate.Spawn(ReadsThenWrites(&loop, &crowd, i));
  }
  co_await loop.SleepUntil({loop.now() + 1ms});
  for (const Pair& pair : crowd.pairs) {
    pair.Send("x");
  }
  co_await gate.Drained({});
  EXPECT_EQ(crowd.story.size(), 64U);
  EXPECT_EQ(crowd.survivors, crowd.watches.size());
}

LOOP_TEST(Watch, SaysWhenTheKernelRefusesADescriptor) {
  Watch watch(loop, -1);
  EXPECT_FALSE(watch.ok());
  co_return;
}

TEST(Watch, AWaitThatEndedEarlyIsAnError) {
  EXPECT_EQ(ToError(Wake::kCancelled).code, core::ErrorCode::kCancelled);
  EXPECT_EQ(ToError(Wake::kDeadline).code, core::ErrorCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace signalbox::async
