#include "pipeline/cache/table.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "pipeline/cache/cache_testing.h"

namespace signalbox::cache {
namespace {

using std::chrono::seconds;

TEST(Table, GivesBackWhatWasPutIn) {
  Table table({.bytes = 1 << 20});
  EXPECT_EQ(Found(table, DigestOf(1)), "none");
  Put(table, DigestOf(1), "one");
  Put(table, DigestOf(2), "two");
  EXPECT_EQ(Found(table, DigestOf(1)), "one");
  EXPECT_EQ(Found(table, DigestOf(2)), "two");
  EXPECT_EQ(table.entries(), 2U);
}

TEST(Table, KeepsBodiesOfEveryLength) {
  Table table({.bytes = 1 << 20});
  for (std::size_t length = 0; length < 3000; ++length) {
    std::string body;
    for (std::size_t i = 0; i < length; ++i) {
      body += static_cast<char>('a' + (i * 7 + i / 26) % 26);
    }
    Put(table, DigestOf(length), body);
    ASSERT_EQ(Found(table, DigestOf(length)), body);
  }
}

TEST(Table, KeepsABodyThatComesInPieces) {
  Table table({.bytes = 1 << 20});
  std::string body;
  Draft draft(table, kTexts, 100000);
  for (int i = 0; i < 500; ++i) {
    const std::string piece = "piece " + std::to_string(i) + ";";
    body += piece;
    ASSERT_TRUE(draft.Append(piece));
  }
  const Entry entry = std::move(draft).Publish(FactsOf(DigestOf(1)));
  EXPECT_EQ(BodyOf(entry), body);
  EXPECT_EQ(entry.body_bytes(), body.size());
  EXPECT_EQ(entry.texts().provider, "openai");
  EXPECT_EQ(entry.texts().model, "gpt-4o-mini");
  EXPECT_EQ(entry.texts().content_type, "application/json");
  EXPECT_EQ(entry.texts().tags, "a,b=c");
}

TEST(Table, AnOlderAnswerOfTheSameKeyIsReplaced) {
  Table table({.bytes = 1 << 20});
  Put(table, DigestOf(1), "old");
  Put(table, DigestOf(1), "new");
  EXPECT_EQ(Found(table, DigestOf(1)), "new");
  EXPECT_EQ(table.entries(), 1U);
}

TEST(Table, OnlyAWholeDigestIsTheSame) {
  Table table({.bytes = 1 << 20});
  Put(table, DigestOf(1), "one");
  for (std::size_t word = 0; word < 4; ++word) {
    for (int bit = 0; bit < 64; ++bit) {
      Digest other = DigestOf(1);
      other.words[word] ^= std::uint64_t{1} << bit;
      EXPECT_EQ(Found(table, other), "none") << word << " " << bit;
    }
  }
}

TEST(Table, AnAnswerWhoseTimeIsOverIsGone) {
  Table table({.bytes = 1 << 20});
  Put(table, DigestOf(1), "one", kNow + seconds(10));
  EXPECT_EQ(Found(table, DigestOf(1), kNow + seconds(9)), "one");
  EXPECT_EQ(Found(table, DigestOf(1), kNow + seconds(10)), "none");
  EXPECT_EQ(table.entries(), 0U);
}

TEST(Table, WhatIsReadStaysWhenItIsReplacedOrRemoved) {
  Table table({.bytes = 1 << 20});
  const std::string body(5000, 'x');
  Put(table, DigestOf(1), body);
  const Entry held = table.Find(DigestOf(1), kNow);
  const Entry shared = held.Share();
  Put(table, DigestOf(1), "new");
  table.Remove([](const Entry&) { return true; });
  for (std::uint64_t i = 2; i < 5000; ++i) {
    Put(table, DigestOf(i), std::string(1000, 'y'));
  }
  EXPECT_EQ(BodyOf(held), body);
  EXPECT_EQ(BodyOf(shared), body);
}

TEST(Table, ADraftThatIsTooLongOrDroppedGivesEverythingBack) {
  Table table({.bytes = 64 * 1024});
  for (int i = 0; i < 1000; ++i) {
    Draft draft(table, kTexts, 2000);
    EXPECT_TRUE(draft.Append(std::string(1500, 'x')));
    EXPECT_FALSE(draft.Append(std::string(600, 'x')));
    EXPECT_FALSE(draft.fits());
    Draft dropped(table, kTexts, 2000);
    EXPECT_TRUE(dropped.Append(std::string(1500, 'x')));
  }
  EXPECT_EQ(table.evictions(), 0U);
}

TEST(Table, WhatIsLargerThanEverythingDoesNotFit) {
  Table table({.bytes = 64 * 1024});
  EXPECT_FALSE(Put(table, DigestOf(1), std::string(100 * 1024, 'x')));
  Put(table, DigestOf(2), "two");
  EXPECT_EQ(Found(table, DigestOf(2)), "two");
}

TEST(Table, WhatIsAskedForAgainOutlivesWhatIsNot) {
  Table table({.bytes = 256 * 1024});
  for (std::uint64_t i = 0; i < 100; ++i) {
    Put(table, DigestOf(i), "kept");
  }
  for (std::uint64_t i = 1000; i < 20000; ++i) {
    Put(table, DigestOf(i), std::string(600, 'x'));
    if (i % 10 == 0) {
      for (std::uint64_t kept = 0; kept < 100; ++kept) {
        table.Find(DigestOf(kept), kNow);
      }
    }
  }
  std::size_t left = 0;
  for (std::uint64_t kept = 0; kept < 100; ++kept) {
    left += Found(table, DigestOf(kept)) == "kept" ? 1 : 0;
  }
  EXPECT_GE(left, 95U);
}

TEST(Table, StaysWithinItsEntryBound) {
  Table table({.bytes = 1 << 20, .entries = 100});
  for (std::uint64_t i = 0; i < 10000; ++i) {
    Put(table, DigestOf(i), "x");
    ASSERT_LE(table.entries(), 100U);
  }
  EXPECT_GE(table.entries(), 90U);
}

TEST(Table, StaysWithinItsByteBound) {
  constexpr std::uint64_t kBound = 4 << 20;
  Table table({.bytes = kBound});
  std::mt19937_64 random(1);
  for (std::uint64_t i = 0; i < 100000; ++i) {
    Put(table, DigestOf(i), std::string(random() % 4000, 'x'));
    ASSERT_LE(table.bytes(), kBound);
  }
  EXPECT_GE(table.bytes(), kBound * 9 / 10);
}

std::uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

TEST(Table, AMillionAnswersTakeNoMoreMemoryThanTheBound) {
  constexpr std::uint64_t kBound = 64 << 20;
  const std::uint64_t before = ResidentBytes();
  Table table({.bytes = kBound});
  EXPECT_LE(ResidentBytes(), before + (1 << 20)) << "nothing is touched before it is used";
  const std::string text(2000, 'x');
  core::Random random(1);
  for (std::uint64_t i = 0; i < 1000000; ++i) {
    Put(table, DigestOf(i), std::string_view(text).substr(0, random.Next() % 2000));
  }
  EXPECT_GE(table.bytes(), kBound * 9 / 10);
  EXPECT_LE(table.bytes(), kBound);
#if !__has_feature(thread_sanitizer)  // which has memory of its own for each byte
  EXPECT_LE(ResidentBytes(), before + kBound * 11 / 10);
#endif
}

TEST(Table, RemovesWhatIsAskedFor) {
  Table table({.bytes = 1 << 20});
  for (std::uint64_t i = 0; i < 100; ++i) {
    Put(table, DigestOf(i), i % 2 == 0 ? "even" : "odd");
  }
  EXPECT_EQ(table.Remove([](const Entry& entry) { return BodyOf(entry) == "odd"; }), 50U);
  EXPECT_EQ(Found(table, DigestOf(1)), "none");
  EXPECT_EQ(Found(table, DigestOf(2)), "even");
  EXPECT_EQ(table.entries(), 50U);
}

// Against a map: what is found is what was put in last, whatever came between.
TEST(Table, NeverGivesAnythingButWhatWasPutIn) {
  Table table({.bytes = 512 * 1024});
  std::map<std::uint64_t, std::pair<std::string, core::MonoTime>> model;
  std::mt19937_64 random(7);
  core::MonoTime now = kNow;
  std::size_t found = 0;
  for (int step = 0; step < 200000; ++step) {
    const std::uint64_t number = random() % 2000;
    now += std::chrono::milliseconds(random() % 10);
    switch (random() % 4) {
      case 0: {
        const std::string body =
            std::to_string(step) + std::string(random() % 1500, static_cast<char>('a' + step % 26));
        const core::MonoTime expires = now + seconds(random() % 20);
        ASSERT_TRUE(Put(table, DigestOf(number), body, expires));
        model[number] = {body, expires};
        break;
      }
      case 1:
        if (random() % 1000 == 0) {
          table.Remove([&](const Entry& entry) { return entry.facts().key == DigestOf(number); });
          model.erase(number);
        }
        break;
      default: {
        const Entry entry = table.Find(DigestOf(number), now);
        if (entry) {
          ++found;
          ASSERT_TRUE(model.contains(number));
          ASSERT_EQ(BodyOf(entry), model[number].first);
          ASSERT_GT(model[number].second, now);
        }
      }
    }
  }
  EXPECT_GT(found, 1000U);
}

// Readers, writers and one who removes, over few keys and little memory: every answer that is found
// is whole and the key's own.
TEST(Table, ManyThreadsSeeWholeAnswersAlone) {
  Table table({.bytes = 128 * 1024});
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> found{0};
  const auto body = [](std::uint64_t number, std::uint64_t version) {
    return std::string(200 + version % 900, static_cast<char>('a' + number % 26));
  };
  const auto work = [&](std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Entry> held;
    for (int i = 0; i < 20000; ++i) {
      const std::uint64_t number = random() % 300;
      if (random() % 3 == 0) {
        Put(table, DigestOf(number), body(number, random()));
      } else if (Entry entry = table.Find(DigestOf(number), kNow)) {
        const std::string text = BodyOf(entry);
        ASSERT_EQ(text, std::string(text.size(), static_cast<char>('a' + number % 26)));
        found.fetch_add(1, std::memory_order_relaxed);
        held.push_back(std::move(entry));
        if (held.size() > 10) {
          held.clear();
        }
      }
    }
  };
  std::thread remover([&] {
    while (!stop.load(std::memory_order_relaxed)) {
      table.Remove([](const Entry& entry) { return entry.facts().key.words[3] % 7 == 0; });
    }
  });
  std::vector<std::thread> workers;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    workers.emplace_back(work, seed);
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  stop = true;
  remover.join();
  EXPECT_GT(found.load(), 1000U);
  // Nothing has been lost: all of the memory can be had again.
  table.Remove([](const Entry&) { return true; });
  EXPECT_EQ(table.entries(), 0U);
  EXPECT_EQ(table.bytes(), 0U);
  std::uint32_t blocks = 0;
  std::uint32_t visits = 0;
  while (table.TakeBlock(visits) != 0) {
    ++blocks;
  }
  EXPECT_EQ(blocks, table.blocks().count());
}

}  // namespace
}  // namespace signalbox::cache
