#include "pipeline/quota/tallies.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

// The store: the last word of each teller.
struct TestStore {
  std::int64_t Tell(const store::Tally& tally) {
    EXPECT_TRUE(store::CheckTally(tally));
    auto& word = words[tally.key][tally.teller];
    if (word.first < tally.sequence) {
      word = {tally.sequence, tally.amount};
    }
    std::int64_t sum = 0;
    for (const auto& [teller, each] : words[tally.key]) {
      sum += each.second;
    }
    return sum;
  }
  std::map<std::string, std::map<std::string, std::pair<std::int64_t, std::int64_t>>> words;
};

// A process: its registry, its door, its line to the store.
struct Process {
  explicit Process(std::string life, bool shared = true)
      : registry(1000, shared), tallies(registry, std::move(life)) {}
  void Limit(const SubjectKey& key, Rate rate, std::uint32_t limit) {
    registry.SetSetting(key, World::Limited(rate, limit), {7 * kHour, kStart});
  }
  bool Call(const World& clock) {
    auto pass = admission.Admit(
        {.principal = request::Principal::Anonymous(), .labels = {}, .now = clock.At()});
    return pass.has_value();
  }
  int Calls(const World& clock, int tries) {
    int passed = 0;
    for (int i = 0; i < tries; ++i) {
      passed += Call(clock) ? 1 : 0;
    }
    return passed;
  }
  std::vector<Tallies::Call> Step(const World& clock) {
    std::vector<Tallies::Call> calls;
    tallies.Step(clock.At(), calls);
    return calls;
  }
  // How many were told.
  std::size_t Exchange(TestStore& store, const World& clock) {
    const auto calls = Step(clock);
    for (const Tallies::Call& call : calls) {
      tallies.Answered(call, store.Tell(call.tally), clock.At());
    }
    return calls.size();
  }
  std::int64_t Remaining(const World& clock, Rate rate) {
    return registry.total().limits.load()->Of(rate).Remaining(
        clock.now, kPeriods[static_cast<std::size_t>(rate)]);
  }

  Registry registry;
  Tallies tallies;
  Admission admission{registry};
};

class TalliesTest : public testing::Test {
 protected:
  void Limit(Rate rate, std::uint32_t limit) {
    for (Process* process : {&one, &two}) {
      process->Limit({}, rate, limit);
    }
  }
  void ExchangeAll() {
    for (Process* process : {&one, &two}) {
      process->Exchange(store, clock);
    }
  }

  TestStore store;
  Process one{"one"};
  Process two{"two"};
  World clock;
};

TEST_F(TalliesTest, TwoProcessesKeepToOneLimitTogether) {
  Limit(Rate::kRequestsPerHour, 100);
  int passed = 0;
  for (int i = 0; i < 80; ++i) {
    passed += one.Calls(clock, 1) + two.Calls(clock, 1);
    ExchangeAll();
    clock.Pass(kSecond / 4);
  }
  EXPECT_GE(passed, 100);
  EXPECT_LE(passed, 101) << "a call each between two exchanges";
  EXPECT_EQ(one.Remaining(clock, Rate::kRequestsPerHour), 0);
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerHour), 0);
}

TEST_F(TalliesTest, BeyondALimitIsWhatTheOthersLetThroughWithinOneExchange) {
  Limit(Rate::kRequestsPerMinute, 100);
  EXPECT_EQ(one.Calls(clock, 500), 100);
  one.Exchange(store, clock);
  EXPECT_EQ(two.Calls(clock, 7), 7) << "it has not heard yet";
  two.Exchange(store, clock);
  EXPECT_EQ(two.Calls(clock, 500), 0);
}

TEST_F(TalliesTest, WhatTheOthersTookIsInTheBucketToo) {
  Rule rule = World::Limited(Rate::kRequestsPerHour, 3600);
  rule.limits.burst = 10;
  for (Process* process : {&one, &two}) {
    process->registry.SetSetting({}, rule, {7 * kHour, kStart});
  }
  EXPECT_EQ(one.Calls(clock, 6), 6);
  EXPECT_EQ(two.Calls(clock, 1), 1);
  ExchangeAll();
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerHour), 3);
  EXPECT_EQ(two.Calls(clock, 20), 3);
  clock.Pass(2 * kSecond);
  EXPECT_EQ(two.Calls(clock, 20), 2);
}

TEST_F(TalliesTest, ANewWindowBeginsWithNothing) {
  Limit(Rate::kRequestsPerMinute, 50);
  EXPECT_EQ(one.Calls(clock, 40), 40);
  two.Calls(clock, 1);
  ExchangeAll();
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerMinute), 9);
  const auto late = [&] {  // a call that is answered when the window is over
    two.Calls(clock, 1);
    return two.Step(clock);
  }();
  clock.Pass(kMinute);
  two.tallies.Answered(late.at(0), 50, clock.At());
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerMinute), 50);
  EXPECT_EQ(two.Calls(clock, 100), 50);
  EXPECT_EQ(two.Exchange(store, clock), 1U);
  EXPECT_EQ(one.Calls(clock, 1), 1);
  one.Exchange(store, clock);
  EXPECT_EQ(one.Calls(clock, 100), 0);
}

TEST_F(TalliesTest, TokensThatAreGivenBackOrOwedAreTold) {
  Limit(Rate::kTokensPerHour, 1000);
  auto pass = one.admission.Admit(
      {.principal = request::Principal::Anonymous(), .labels = {}, .now = clock.At()});
  const request::WorstCase most{.likely_tokens = 800};
  ASSERT_TRUE((*pass)->Reserve({"p", "m"}, most, clock.At(), nullptr, nullptr));
  one.Exchange(store, clock);
  auto other = two.admission.Admit(
      {.principal = request::Principal::Anonymous(), .labels = {}, .now = clock.At()});
  EXPECT_TRUE((*other)->Reserve({"p", "m"}, {.likely_tokens = 100}, clock.At(), nullptr, nullptr));
  two.Exchange(store, clock);
  EXPECT_EQ(two.Remaining(clock, Rate::kTokensPerHour), 100);
  EXPECT_FALSE((*other)->Reserve({"p", "m"}, most, clock.At(), nullptr, nullptr));
  EXPECT_TRUE((*other)->Reserve({"p", "m"}, {.likely_tokens = 100}, clock.At(), nullptr, nullptr));
  (*pass)->Settle({.input_tokens = 10, .output_tokens = 10});
  EXPECT_EQ(one.Exchange(store, clock), 1U) << "it was touched once more";
  EXPECT_EQ(two.Exchange(store, clock), 1U) << "so is who was refused";
  EXPECT_EQ(two.Remaining(clock, Rate::kTokensPerHour), 880);
  (*other)->Settle({.input_tokens = 900, .output_tokens = 0});
  two.Exchange(store, clock);
  one.Calls(clock, 1);
  one.Exchange(store, clock);
  EXPECT_EQ(one.Remaining(clock, Rate::kTokensPerHour), 80);
}

TEST_F(TalliesTest, WhileTheStoreIsAwayEachGoesOnAloneAndTellsItAfterwards) {
  Limit(Rate::kRequestsPerHour, 20);
  EXPECT_EQ(one.Calls(clock, 100), 20);
  EXPECT_EQ(two.Calls(clock, 12), 12);
  for (Process* process : {&one, &two}) {
    for (int i = 0; i < 3; ++i) {
      const auto calls = process->Step(clock);
      ASSERT_EQ(calls.size(), 1U) << "what failed is told again";
      process->tallies.Failed(calls[0]);
    }
  }
  clock.Pass(kMinute);
  ExchangeAll();
  EXPECT_EQ(two.Calls(clock, 100), 0);
  EXPECT_EQ(store.words.begin()->second.at("one").second, 20);
  EXPECT_EQ(store.words.begin()->second.at("two").second, 12);
}

TEST_F(TalliesTest, ADoubtfulCallIsCountedOnce) {
  Limit(Rate::kRequestsPerHour, 100);
  one.Calls(clock, 10);
  const auto doubtful = one.Step(clock);
  store.Tell(doubtful.at(0).tally);  // carried out; the answer is lost
  one.tallies.Failed(doubtful[0]);
  one.Calls(clock, 5);
  one.Exchange(store, clock);
  store.Tell(doubtful[0].tally);  // and once more, late
  two.Calls(clock, 1);
  two.Exchange(store, clock);
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerHour), 100 - 16);
}

TEST_F(TalliesTest, AStoreThatLostEverythingKnowsItAgainFromWhoeverIsAsked) {
  Limit(Rate::kRequestsPerHour, 100);
  one.Calls(clock, 29);
  two.Calls(clock, 20);
  ExchangeAll();
  one.Calls(clock, 1);
  ExchangeAll();
  EXPECT_EQ(one.Remaining(clock, Rate::kRequestsPerHour), 50);
  store.words.clear();
  one.Calls(clock, 1);
  one.Exchange(store, clock);
  EXPECT_EQ(one.Remaining(clock, Rate::kRequestsPerHour), 69) << "of the other it is not known yet";
  two.Calls(clock, 1);
  two.Exchange(store, clock);
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerHour), 48);
  one.Calls(clock, 1);
  one.Exchange(store, clock);
  EXPECT_EQ(one.Remaining(clock, Rate::kRequestsPerHour), 47);
}

TEST_F(TalliesTest, AProcessThatStartsAgainHearsWhatItTookBefore) {
  Limit(Rate::kRequestsPerHour, 100);
  one.Calls(clock, 30);
  ExchangeAll();
  Process next("next");
  next.Limit({}, Rate::kRequestsPerHour, 100);
  EXPECT_EQ(next.Calls(clock, 1), 1);
  next.Exchange(store, clock);
  EXPECT_EQ(next.Remaining(clock, Rate::kRequestsPerHour), 69);
}

TEST_F(TalliesTest, AClockThatGoesBackADayCarriesTheCountAlongAndTellsItsOwnPart) {
  Limit(Rate::kRequestsPerHour, 100);
  one.Calls(clock, 30);
  two.Calls(clock, 20);
  ExchangeAll();
  one.Calls(clock, 1);
  one.Exchange(store, clock);
  clock.now.wall -= 24 * kHour;
  clock.now.mono += kSecond;
  store.words.clear();  // of that hour nothing is known
  one.Calls(clock, 1);
  one.Exchange(store, clock);
  EXPECT_EQ(store.words.begin()->second.at("one").second, 32);
  two.Calls(clock, 1);
  two.Exchange(store, clock);
  EXPECT_EQ(two.Remaining(clock, Rate::kRequestsPerHour), 47);
}

TEST_F(TalliesTest, OnlyWhatWasAskedIsTold) {
  Limit(Rate::kRequestsPerHour, 100);
  EXPECT_EQ(one.Exchange(store, clock), 0U);
  one.Calls(clock, 3);
  EXPECT_EQ(one.Exchange(store, clock), 1U);
  EXPECT_EQ(one.Exchange(store, clock), 0U);
  Process alone("alone", false);
  alone.Limit({}, Rate::kRequestsPerHour, 100);
  EXPECT_EQ(alone.Calls(clock, 3), 3);
  EXPECT_EQ(alone.Exchange(store, clock), 0U) << "it shares nothing";
}

TEST_F(TalliesTest, NamesAreTheSameEverywhereAndTellNoForeignName) {
  const SubjectKey key{SubjectKind::kEndUser, SampleUuid(1), "someone@example.com"};
  Subject& subject = one.registry.FindOrMake(key);
  const std::string name = Tallies::NameOf(subject, 0, 30'000'000);
  EXPECT_EQ(name, Tallies::NameOf(two.registry.FindOrMake(key), 0, 30'000'000));
  EXPECT_EQ(name,
            "rate:requests_per_minute:end_user:01000000000000000000000000000001:"
            "23881416792b5e66e872e3ca9a728154:30000000");
  EXPECT_EQ(Tallies::NameOf(one.registry.total(), 3, 7),
            "rate:tokens_per_hour:total:00000000000000000000000000000000::7");
}

// Four threads call while the store is told: in the end it knows every call.
TEST_F(TalliesTest, ThreadsLeaveNothingUntold) {
  Limit(Rate::kRequestsPerHour, 4'000'000'000);
  std::atomic<int> running = 4;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Admission door(one.registry);
      for (int call = 0; call < 20'000; ++call) {
        (void)door.Admit(
            {.principal = request::Principal::Anonymous(), .labels = {}, .now = clock.At()});
      }
      --running;
    });
  }
  while (running > 0) {
    one.Exchange(store, clock);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  one.Exchange(store, clock);
  EXPECT_EQ(one.Exchange(store, clock), 0U);
  EXPECT_EQ(store.words.begin()->second.at("one").second, 80'000);
}

}  // namespace
}  // namespace signalbox::quota
