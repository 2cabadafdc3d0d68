#include "pipeline/quota/registry.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <set>
#include <thread>

#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

TEST(Registry, FindsWhatWasMadeAndNothingElse) {
  Registry registry(1000);
  const SubjectKey one{SubjectKind::kAgent, SampleUuid(1), "writer"};
  EXPECT_EQ(registry.Find(one), nullptr);
  Subject& made = registry.FindOrMake(one);
  EXPECT_EQ(registry.Find(one), &made);
  EXPECT_EQ(&registry.FindOrMake(one), &made);
  EXPECT_EQ(registry.Find({SubjectKind::kAgent, SampleUuid(2), "writer"}), nullptr);
  EXPECT_EQ(registry.Find({SubjectKind::kTag, SampleUuid(1), "writer"}), nullptr);
}

TEST(Registry, MakesOnlyWhatSomethingHoldsFor) {
  World world;
  const SubjectKey key{SubjectKind::kAgent, SampleUuid(1), "writer"};
  EXPECT_EQ(world.registry.Holding(key), nullptr);
  world.Set({SubjectKind::kAgent, SampleUuid(2), "other"},
            World::Limited(Rate::kRequestsPerHour, 5));
  EXPECT_EQ(world.registry.Holding(key), nullptr);
  world.SetDefault(SubjectKind::kAgent, World::Limited(Rate::kRequestsPerHour, 7));
  ASSERT_NE(world.registry.Holding(key), nullptr);
  EXPECT_EQ(world.registry.Holding(key)->limits.load()->Of(Rate::kRequestsPerHour).limit(), 7U);
}

TEST(Registry, ASettingGoesBeforeTheRulesFieldByField) {
  World world;
  const SubjectKey key{SubjectKind::kKey, SampleUuid(1), {}};
  Rule rule = World::Limited(Rate::kRequestsPerHour, 100);
  rule.limits.burst = 10;
  world.SetDefault(SubjectKind::kKey, rule);
  Subject& subject = world.registry.FindOrMake(key);
  world.Set(key, World::Limited(Rate::kRequestsPerMinute, 3));
  EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerMinute).limit(), 3U);
  EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerHour).limit(), 100U);
  world.SetDefault(SubjectKind::kKey, World::Limited(Rate::kRequestsPerHour, 50));
  EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerMinute).limit(), 3U) << "survives a reload";
  EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerHour).limit(), 50U);
  world.Set(key, {});
  EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerMinute).limit(), Meter::kUnlimited);
}

TEST(Registry, BeyondItsBoundWhatIsNewSharesOneLimit) {
  Registry registry(100);
  auto rules = std::make_unique<Rules>();
  rules->Default(SubjectKind::kKey) = World::Limited(Rate::kRequestsPerHour, 5);
  registry.SetRules(std::move(rules), {.mono = kHour, .wall = kStart});
  std::set<const Subject*> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    seen.insert(&registry.FindOrMake({SubjectKind::kKey, SampleUuid(i), {}}));
  }
  EXPECT_EQ(seen.size(), 100U);  // 99 beside the total, and the shared one
  Subject& shared = registry.FindOrMake({SubjectKind::kKey, SampleUuid(5000), {}});
  EXPECT_EQ(shared.limits.load()->Of(Rate::kRequestsPerHour).limit(), 5U);
}

TEST(Registry, OneTenantsNamesDoNotTakeAnothersRoom) {
  Registry registry(1'000'000);
  auto rules = std::make_unique<Rules>();
  rules->Default(SubjectKind::kEndUser) = World::Limited(Rate::kRequestsPerHour, 5);
  registry.SetRules(std::move(rules), {.mono = kHour, .wall = kStart});
  registry.FindOrMake({SubjectKind::kTenant, SampleUuid(1), {}});
  registry.FindOrMake({SubjectKind::kTenant, SampleUuid(2), {}});
  for (std::uint32_t i = 0; i < kMostNamed; ++i) {
    registry.FindOrMake({SubjectKind::kEndUser, SampleUuid(1), fmt::format("u{}", i)});
  }
  Subject& a = registry.FindOrMake({SubjectKind::kEndUser, SampleUuid(1), "new"});
  Subject& b = registry.FindOrMake({SubjectKind::kEndUser, SampleUuid(1), "newer"});
  Subject& c = registry.FindOrMake({SubjectKind::kEndUser, SampleUuid(2), "new"});
  EXPECT_EQ(&a, &b);
  EXPECT_EQ(c.name, "new");
}

TEST(Registry, ThreadsMakeEverySubjectOnce) {
  Registry registry(10'000);
  std::array<std::vector<Subject*>, 4> made;
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&registry, &mine] {
      for (std::uint64_t i = 0; i < 5'000; ++i) {
        mine.push_back(&registry.FindOrMake({SubjectKind::kKey, SampleUuid(i), {}}));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const auto& mine : made) {
    EXPECT_EQ(mine, made[0]);
  }
  EXPECT_EQ(registry.size(), 5'001U);
}

TEST(Registry, ANewRuleReachesSubjectsThatAreMadeMeanwhile) {
  World world;
  std::atomic<bool> stop = false;
  std::thread maker([&] {
    for (std::uint64_t i = 0; !stop && i < 9'000; ++i) {
      world.registry.FindOrMake({SubjectKind::kKey, SampleUuid(i), {}});
    }
  });
  for (std::uint32_t i = 1; i <= 20; ++i) {
    world.SetDefault(SubjectKind::kKey, World::Limited(Rate::kRequestsPerHour, i));
  }
  stop = true;
  maker.join();
  world.Pass(kSecond);
  world.registry.Visit([](Subject& subject) {
    if (subject.kind == SubjectKind::kKey) {
      EXPECT_EQ(subject.limits.load()->Of(Rate::kRequestsPerHour).limit(), 20U);
    }
  });
}

TEST(Subject, CodesReadBack) {
  const SubjectKey keys[] = {{SubjectKind::kTotal, {}, {}},
                             {SubjectKind::kKey, SampleUuid(7), {}},
                             {SubjectKind::kTag, SampleUuid(8), "a:b=c"}};
  for (const SubjectKey& key : keys) {
    core::Uuid id;
    std::string name;
    const auto kind = ReadSubject(Subject(key, 0).Code(), id, name);
    ASSERT_TRUE(kind);
    EXPECT_EQ((SubjectKey{*kind, id, name}), key);
  }
  core::Uuid id;
  std::string name;
  EXPECT_FALSE(ReadSubject("key:12:", id, name));
  EXPECT_FALSE(ReadSubject("", id, name));
}

}  // namespace
}  // namespace signalbox::quota
