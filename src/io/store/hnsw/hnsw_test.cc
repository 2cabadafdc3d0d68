#include "io/store/hnsw/hnsw.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "io/store/hnsw/migrations.h"
#include "io/store/sqlite/sqlite.h"
#include "io/store/vectors/migrations.h"
#include "io/store/vectors_rig_testing.h"

namespace signalbox::store {
namespace {

constexpr std::size_t kDimension = 8;

std::unique_ptr<Sql> OpenMigrated(const std::string& path) {
  auto sql = OpenSqlite({.path = path});
  EXPECT_TRUE(sql.has_value()) << sql.error().message;
  std::vector<Migration> all;
  for (const auto& folder : {vectors::Migrations(), hnsw::Migrations()}) {
    all.insert(all.end(), folder.begin(), folder.end());
  }
  const auto migrated = Migrate(**sql, all, core::WallNow(), [] { return core::Status{}; });
  EXPECT_TRUE(migrated.has_value()) << migrated.error().message;
  return *std::move(sql);
}

// Writes rows one by one and says so each time, until it is killed.
[[noreturn]] void WriteForEver(const std::string& path, int said) {
  const auto sql = OpenMigrated(path);
  HnswVectors vectors(*sql, {.index = {.graph_from = 16}});
  core::Random random(1);
  if (vectors.Create(kNotes, {kDimension, Metric::kCosine})) {
    for (std::size_t i = 0; vectors.Upsert(kNotes, RandomRows(random, i, 1, kDimension)); ++i) {
      if (write(said, "x", 1) != 1) {
        break;
      }
    }
  }
  _exit(1);
}

TEST(HnswVectors, WhatWasAcknowledgedOutlivesAKill) {
  std::string directory = (std::filesystem::temp_directory_path() / "vectors-XXXXXX").string();
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  const std::string path = directory + "/signalbox.db";
  std::array<int, 2> pipes{};
  ASSERT_EQ(pipe(pipes.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    WriteForEver(path, pipes[1]);
  }
  close(pipes[1]);
  std::size_t acknowledged = 0;
  std::array<char, 64> bytes{};
  for (ssize_t got = 1; got > 0; acknowledged += static_cast<std::size_t>(std::max(got, 0L))) {
    got = read(pipes[0], bytes.data(), bytes.size());
    if (acknowledged > 100) {
      kill(child, SIGKILL);
    }
  }
  close(pipes[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  {
    const auto sql = OpenMigrated(path);
    HnswVectors vectors(*sql);
    const auto hits =
        vectors.Search(kNotes, {.vector = std::vector<float>(kDimension, 1), .k = 1000});
    ASSERT_TRUE(hits.has_value()) << hits.error().message;
    EXPECT_GE(hits->size(), acknowledged);
    EXPECT_LE(hits->size(), acknowledged + 1);
    EXPECT_EQ(vectors.Count(kNotes, {}), hits->size());
  }
  std::filesystem::remove_all(directory);
}

TEST(HnswVectors, IndexesThatDoNotFitLeaveMemoryAndComeBack) {
  const auto sql = OpenMigrated("");
  HnswVectors vectors(*sql, {.most_bytes = 100'000});
  core::Random random(2);
  const auto name = [](int i) { return CollectionName{"tenant_a", "c" + std::to_string(i)}; };
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(vectors.Create(name(i), {kDimension, Metric::kDot}));
      ASSERT_TRUE(vectors.Upsert(name(i), RandomRows(random, 0, 60, kDimension)));
      const auto hits = vectors.Search(name(i), {.vector = {1, 0, 0, 0, 0, 0, 0, 0}, .k = 100});
      ASSERT_TRUE(hits.has_value()) << hits.error().message;
      EXPECT_EQ(hits->size(), 60);
    }
  }
}

TEST(HnswVectors, RefusesMoreThanFitsAndSaysWhatToDo) {
  const auto sql = OpenMigrated("");
  HnswVectors vectors(*sql, {.most_bytes = 100'000});
  core::Random random(2);
  ASSERT_TRUE(vectors.Create(kNotes, {kDimension, Metric::kDot}));
  ASSERT_TRUE(vectors.Upsert(kNotes, RandomRows(random, 0, 100, kDimension)));
  const auto more = vectors.Upsert(kNotes, RandomRows(random, 100, 100, kDimension));
  ASSERT_FALSE(more.has_value());
  EXPECT_EQ(more.error().code, core::ErrorCode::kInvalidRequest);
  EXPECT_NE(more.error().message.find("pgvector"), std::string::npos) << more.error().message;
  EXPECT_EQ(vectors.Count(kNotes, {}), 100);
}

// Of what is erased the database keeps nothing, also not what was deleted before.
TEST(HnswVectors, ErasureLeavesNoRows) {
  const auto sql = OpenMigrated("");
  HnswVectors vectors(*sql);
  core::Random random(2);
  ASSERT_TRUE(vectors.Create(kNotes, {kDimension, Metric::kDot}));
  ASSERT_TRUE(vectors.Upsert(kNotes, RandomRows(random, 0, 10, kDimension)));
  const std::vector<std::string> ids = {"r1"};
  EXPECT_EQ(vectors.Delete(kNotes, ids), 1);
  EXPECT_EQ(vectors.DeleteWhere(kNotes, {Equals("parity", std::string("even"))}), 5);
  std::int64_t rows = 0;
  ASSERT_TRUE(sql->Query("SELECT COUNT(*) FROM vector_rows", {}, [&rows](const Row& row) {
    rows = row.Int(0);
    return core::Status();
  }));
  EXPECT_EQ(rows, 4);
}

// What is in the database is not believed: a row of another length, metadata of another form.
TEST(HnswVectors, ADamagedRowIsAnErrorThatSaysSo) {
  for (const Statement damage :
       {Statement("UPDATE vector_rows SET change = 2, vector = $1"),
        Statement("UPDATE vector_rows SET change = 2, metadata = '[1]' WHERE $1 IS NOT NULL")}) {
    const auto sql = OpenMigrated("");
    HnswVectors vectors(*sql);
    core::Random random(2);
    ASSERT_TRUE(vectors.Create(kNotes, {kDimension, Metric::kDot}));
    ASSERT_TRUE(vectors.Upsert(kNotes, RandomRows(random, 0, 1, kDimension)));
    const std::vector<float> longer(kDimension + 1, 1);
    ASSERT_TRUE(sql->Write([&](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run("UPDATE vector_collections SET changes = 2", {}));
      SB_CHECK_OK(transaction.Run(damage, {std::as_bytes(std::span(longer))}));
      return {};
    }));
    const auto hits = vectors.Search(kNotes, {.vector = std::vector<float>(kDimension, 1)});
    ASSERT_FALSE(hits.has_value());
    EXPECT_EQ(hits.error().code, core::ErrorCode::kInternal) << hits.error().message;
  }
}

}  // namespace
}  // namespace signalbox::store
