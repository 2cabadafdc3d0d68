#include "io/store/migration.h"

#include <gtest/gtest.h>

#include "io/store/migration_text.h"
#include "io/store/sample/sample.h"

namespace signalbox::store {
namespace {

std::vector<std::string> Statements(std::string_view text, Engine engine) {
  const MigrationText parts(text, engine);
  std::vector<std::string> statements;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    statements.emplace_back(parts.at(i).text());
  }
  return statements;
}

TEST(MigrationText, EndsStatementsAtALineThatEndsWithASemicolon) {
  EXPECT_EQ(Statements("A;\r\nB (\n  'x;y'\n);  \n\n-- C;\nD", Engine::kSqlite),
            (std::vector<std::string>{"A;\n", "B (\n  'x;y'\n);\n", "D\n"}));
  EXPECT_TRUE(Statements("", Engine::kSqlite).empty());
  EXPECT_TRUE(Statements("-- nothing\n\n", Engine::kSqlite).empty());
}

TEST(MigrationText, LeavesOutWhatIsForTheOtherEngine) {
  constexpr std::string_view kText =
      "A;\n-- only sqlite\nB;\n-- only postgres\nC;\n-- both\nD;\n-- only postgres\nE;\n";
  EXPECT_EQ(Statements(kText, Engine::kSqlite), (std::vector<std::string>{"A;\n", "B;\n", "D;\n"}));
  EXPECT_EQ(Statements(kText, Engine::kPostgres),
            (std::vector<std::string>{"A;\n", "C;\n", "D;\n", "E;\n"}));
}

TEST(MigrationText, AChecksumChangesWithTheText) {
  EXPECT_EQ(MigrationChecksum(""), "cbf29ce484222325");
  EXPECT_EQ(MigrationChecksum("a"), "af63dc4c8601ec8c");  // FNV-1a's own example
  EXPECT_NE(MigrationChecksum("ab"), MigrationChecksum("ba"));
}

TEST(Embedding, GivesAFoldersFilesInOrderAndUnchanged) {
  const auto all = sample::Migrations();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].number, 901U);
  EXPECT_EQ(all[0].name, "notes");
  EXPECT_NE(all[0].text.find(R"(VALUES (1, 'a "quoted"; \ [line] ${HOME} @rows@');)"),
            std::string_view::npos)
      << all[0].text;
  EXPECT_EQ(all[1].number, 910U);
  EXPECT_EQ(all[1].name, "notes_by_body");
  EXPECT_EQ(all[1].text, "CREATE INDEX notes_by_body ON notes (body);\n");
}

TEST(Statement, ReadsItsPlaceAsTheNumber) {
  std::string text;
  Statement("a_{number} b_{number}").Of(18'446'744'073'709'551'615U).AppendTo(text);
  EXPECT_EQ(text, "a_18446744073709551615 b_18446744073709551615");
  text.clear();
  Statement("t_{number} v({size}) {else}").Of(7, 384).AppendTo(text);
  EXPECT_EQ(text, "t_7 v(384) {else}");
  text.clear();
  Statement("plain {number} {size}").AppendTo(text);
  EXPECT_EQ(text, "plain {number} {size}");
}

}  // namespace
}  // namespace signalbox::store
