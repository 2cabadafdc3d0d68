#include "base/config/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/config/load.h"
#include "base/config/sample_table.h"

namespace signalbox::config::sample {
namespace {

using testing::HasSubstr;
using testing::Not;

Root Read(const std::string& text) {
  auto loaded = LoadText(RootTable(), TextInput{"t.yaml", text});
  EXPECT_TRUE(loaded.ok()) << Text(loaded.problems);
  return std::move(loaded.value);
}

std::string Differences(const std::string& before, const std::string& after) {
  return Text(Diff(RootTable(), Read(before), Read(after)));
}

constexpr const char* kEdge = "providers: {edge: {base_url: 'http://h', key: old-canary}}\n";

TEST(Diff, OfEqualConfigurationsIsEmpty) {
  EXPECT_EQ(Differences("", "server: {drain: 30s, workers: auto}\n"), "");
  EXPECT_EQ(Differences(kEdge, kEdge), "");
}

TEST(Diff, TellsOldAndNewAndWhatNeedsARestart) {
  EXPECT_EQ(
      Differences("server: {drain: 10s, workers: 2}\n",
                  "server: {drain: 1m, workers: auto, metrics: 'h:1', limits: {head: 2KiB}}\n"),
      "server.metrics: not set -> h:1 (needs a restart)\n"
      "server.workers: 2 -> auto (needs a restart)\n"
      "server.drain: 10s -> 1m\n"
      "server.limits.head: 64KiB -> 2KiB\n");
  EXPECT_EQ(Differences("server: {limits: {body: 1KiB}}\n", ""),
            "server.limits.body: 1KiB -> not set\n");
}

TEST(Diff, TellsListsByItem) {
  EXPECT_EQ(Differences("models: {m: {targets: [a, b, c]}}\n", "models: {m: {targets: [a, x]}}\n"),
            "models.m.targets[1]: b -> x (needs a restart)\n"
            "models.m.targets[2]: c -> not set (needs a restart)\n");
}

TEST(Diff, TellsEntriesThatComeAndGo) {
  EXPECT_EQ(
      Differences("models: {gone: {targets: [a]}, stays: {targets: [b]}}\n",
                  "models: {stays: {targets: [b]}, 'new-4.1': {targets: [c], weight: 0.5}}\n"),
      "models.gone: removed (needs a restart)\n"
      "models[\"new-4.1\"]: added (needs a restart)\n"
      "models[\"new-4.1\"].targets[0]: not set -> c (needs a restart)\n"
      "models[\"new-4.1\"].weight: 1 -> 0.5 (needs a restart)\n");
}

TEST(Diff, SeesSecretsChangeAndShowsNone) {
  const std::string other = "providers: {edge: {base_url: 'http://h', key: new-canary}}\n";
  EXPECT_EQ(Differences(kEdge, other),
            "providers.edge.key: <set> -> <changed> (needs a restart)\n");
  EXPECT_EQ(Differences(kEdge, "providers: {edge: {base_url: 'http://h'}}\n"),
            "providers.edge.key: <set> -> not set (needs a restart)\n");
  EXPECT_EQ(Differences("routing: {store: 'redis://a:canary@h'}\n",
                        "routing: {store: 'redis://b:canary@h'}\n"),
            "routing.store: <set> -> <changed> (needs a restart)\n");
  const auto changes = Diff(RootTable(), Read(kEdge), Read(other));
  EXPECT_THAT(Json(changes), Not(HasSubstr("canary")));
  EXPECT_EQ(Json(changes),
            "[{\"path\":\"providers.edge.key\",\"before\":\"<set>\",\"after\":"
            "\"<changed>\",\"reload\":false}]");
}

TEST(Diff, KnowsWhetherAnyNeedsARestart) {
  EXPECT_FALSE(NeedsRestart(Diff(RootTable(), Read(""), Read("server: {drain: 2s}\n"))));
  EXPECT_TRUE(NeedsRestart(Diff(RootTable(), Read(""), Read("server: {workers: 2}\n"))));
}

TEST(Diff, ValuesCompareLikeTheirConfigurations) {
  const std::string before = "server: {drain: 10s}\nmodels: {'m-4.1': {targets: [a, b]}}\n";
  const std::string after = "server: {workers: 3}\nmodels: {'m-4.1': {targets: [a]}}\n";
  const auto changes = DiffValues(*RootTable().data(), Flatten(RootTable(), Read(before)),
                                  Flatten(RootTable(), Read(after)));
  EXPECT_EQ(Text(changes),
            "models[\"m-4.1\"].targets[1]: b -> not set (needs a restart)\n"
            "server.drain: 10s -> 30s\n"
            "server.workers: auto -> 3 (needs a restart)\n");
}

TEST(Diff, FlattenedValuesHoldNoSecret) {
  const Values values = Flatten(RootTable(), Read(kEdge));
  EXPECT_EQ(values.at("providers.edge.key"), "<set>");
  EXPECT_EQ(values.at("server.drain"), "30s");
  EXPECT_FALSE(values.contains("server.metrics"));
}

}  // namespace
}  // namespace signalbox::config::sample
