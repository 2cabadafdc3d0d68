// kill -9 at any moment, of the writer and of the process that recovers: what was acknowledged is
// there, what was open is booked as uncertain, everything once.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <map>
#include <new>

#include "base/core/random.h"
#include "pipeline/ledger/ledger_test_support.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMostCalls = 200'000;

// What the child has been told, in memory that outlives it.
struct Acknowledged {
  std::atomic<std::uint64_t> progress{0};
  std::atomic<std::uint64_t> next{0};  // intents below it were begun
  std::atomic<bool> intent[kMostCalls]{};
  std::atomic<bool> settlement[kMostCalls]{};
};

LedgerOptions Small() {
  LedgerOptions options;
  options.journal.ring_bytes = 512 * 1024;
  options.archive.segment_bytes = 256 * 1024;
  options.archiver.busy_interval = 1ms;
  options.archiver.idle_interval = 1ms;
  return options;
}

// Up to 40 calls open at a time, settled in no order, for as long as it lives.
[[noreturn]] void Work(const std::string& directory, Acknowledged& acknowledged,
                       std::uint64_t seed) {
  auto ledger = Ledger::Open(directory, Small());
  if (!ledger) {
    _exit(3);
  }
  Journal& journal = (*ledger)->journal(0);
  core::Random random(seed);
  std::vector<std::uint64_t> open;
  while (acknowledged.next < kMostCalls) {
    if (open.size() < 40 && random.Draw() < 0.6) {
      const std::uint64_t call = acknowledged.next;
      if (journal.AppendIntent(SampleIntent(call))) {
        acknowledged.intent[call] = true;
        ++acknowledged.next;
        open.push_back(call);
      }
    } else if (!open.empty()) {
      std::swap(open[random.Next() % open.size()], open.back());
      journal.AppendSettlement(SampleSettlement(open.back()));
      acknowledged.settlement[open.back()] = true;
      open.pop_back();
    }
    ++acknowledged.progress;
  }
  _exit(0);
}

[[noreturn]] void RecoverOnly(const std::string& directory, Acknowledged& acknowledged) {
  ++acknowledged.progress;
  auto ledger = Ledger::Open(directory, Small());
  ++acknowledged.progress;
  _exit(ledger && (*ledger)->archiver().WaitRecovered(30s) ? 0 : 3);
}

// Lets the child come as far as `progress` (or to its end), waits `spins` more turns, kills it.
void KillAt(pid_t child, const Acknowledged& acknowledged, std::uint64_t progress,
            std::uint64_t spins) {
  int status = 0;
  while (acknowledged.progress < progress && waitpid(child, &status, WNOHANG) == 0) {
    usleep(50);
  }
  for (std::atomic<std::uint64_t> spin = 0; spin < spins; ++spin) {
  }
  kill(child, SIGKILL);
  while (waitpid(child, &status, 0) > 0) {
  }
}

void Check(const std::string& directory, const Acknowledged& acknowledged) {
  struct Seen {
    int intents = 0;
    int settlements = 0;
    int uncertain = 0;
  };
  std::map<core::RequestId, Seen> seen;
  for (const auto& one : ReadAll(directory)) {
    Seen& call = seen[one.record.request];
    const bool uncertain = one.settlement() && one.record.outcome == Outcome::kUncertain;
    call.intents += one.settlement() ? 0 : 1;
    call.settlements += one.settlement() ? 1 : 0;
    call.uncertain += uncertain ? 1 : 0;
  }
  for (std::uint64_t call = 0; call <= acknowledged.next && call < kMostCalls; ++call) {
    const auto found = seen.find(SampleId(call));
    if (found == seen.end()) {
      ASSERT_FALSE(acknowledged.intent[call]) << "lost intent " << call;
      continue;
    }
    ASSERT_EQ(found->second.intents, 1) << call;
    ASSERT_EQ(found->second.settlements, 1) << call;
    if (acknowledged.settlement[call]) {
      ASSERT_EQ(found->second.uncertain, 0) << "lost settlement " << call;
    }
  }
}

TEST(Kill, EverythingAcknowledgedIsThereAndEverythingOpenIsUncertainOnce) {
  core::Random random(20261121);
  constexpr int kDirectories = 5;
  constexpr int kKills = 10;
  for (int round = 0; round < kDirectories; ++round) {
    const TempDirectory directory;
    void* shared = mmap(nullptr, sizeof(Acknowledged), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    auto& acknowledged = *new (shared) Acknowledged;
    for (int kills = 0; kills < kKills; ++kills) {
      const std::uint64_t seed = random.Next();
      const pid_t writer = fork();
      if (writer == 0) {
        Work(directory.path(), acknowledged, seed);
      }
      const std::uint64_t far = acknowledged.progress + random.Next() % 20'000;
      KillAt(writer, acknowledged, far, random.Next() % 100'000);
      ++acknowledged.next;  // the call it may have been in the middle of is not begun again
      if (kills % 2 == 1) {
        const std::uint64_t before = acknowledged.progress;
        const pid_t recovery = fork();
        if (recovery == 0) {
          RecoverOnly(directory.path(), acknowledged);
        }
        KillAt(recovery, acknowledged, before + 1 + random.Next() % 2, random.Next() % 1'000'000);
      }
      auto ledger = Ledger::Open(directory.path(), Small());
      ASSERT_TRUE(ledger.has_value()) << ledger.error().message;
      ASSERT_TRUE((*ledger)->archiver().WaitRecovered(30s));
      EXPECT_EQ((*ledger)->journal(0).damaged_bytes(), 0U);
      ledger->reset();
      ASSERT_NO_FATAL_FAILURE(Check(directory.path(), acknowledged));
    }
    EXPECT_GT(acknowledged.next, 100U);
    munmap(shared, sizeof(Acknowledged));
  }
}

TEST(Kill, StartsWithinASecondWithAFullRingAndAFullSegment) {
  const TempDirectory directory;
  LedgerOptions options;
  {
    auto ledger = *Ledger::Open(directory.path(), options);
    for (std::uint64_t i = 0; i < 200'000; ++i) {
      while (!ledger->journal(0).AppendIntent(SampleIntent(i))) {
        usleep(1000);
      }
      ledger->journal(0).AppendSettlement(SampleSettlement(i));
    }
  }
  {
    auto journal = *Journal::Open(LedgerDirectory(directory.path()) + "/worker-0.ring", {});
    for (std::uint64_t i = 0; journal->AppendIntent(SampleIntent(1'000'000 + i)); ++i) {
      journal->AppendSettlement(SampleSettlement(1'000'000 + i));
    }
    EXPECT_GT(journal->fill(), 0.85);
  }
  const auto start = std::chrono::steady_clock::now();
  auto ledger = *Ledger::Open(directory.path(), options);
  const auto took = std::chrono::steady_clock::now() - start;
#ifdef NDEBUG
  EXPECT_LT(took, 1s);
#else
  EXPECT_LT(took, 10s);
#endif
  std::printf("opened in %.0f ms\n", std::chrono::duration<double, std::milli>(took).count());
  EXPECT_TRUE(ledger->archiver().WaitRecovered(60s));
}

}  // namespace
}  // namespace signalbox::ledger
