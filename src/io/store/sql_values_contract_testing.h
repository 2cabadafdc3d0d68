// What every Sql does with values and with what a statement says. Test support.
#pragma once

#include <limits>

#include "io/store/sql_rig_testing.h"
#include "io/store/text.h"

namespace signalbox::store {

TEST_P(SqlContract, KeepsEveryTypeAndNull) {
  const std::string all = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
      bytes += static_cast<char>(i);
    }
    return bytes;
  }();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio, name, body) VALUES ($1, $2, $3, $4)",
                  {most, 0.1, std::string_view("Grüße, 世界 🚦"), AsBytes(all)}));
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio, name, body) VALUES ($1, $2, $3, $4)",
                  {std::int64_t{0}, Param(), Param(), Param()}));
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio, name, body) VALUES ($1, $2, $3, $4)",
                  {std::int64_t{1}, -0.0, std::string_view(), Bytes()}));
  int rows = 0;
  ASSERT_TRUE(sql_->Query("SELECT id, ratio, name, body FROM things ORDER BY id", {},
                          [&](const Row& row) -> core::Status {
                            ++rows;
                            if (row.Int(0) == 0) {
                              EXPECT_TRUE(row.IsNull(1) && row.IsNull(2) && row.IsNull(3));
                              EXPECT_EQ(row.Number(1), 0);
                            } else if (row.Int(0) == 1) {
                              EXPECT_FALSE(row.IsNull(1) || row.IsNull(2) || row.IsNull(3));
                              EXPECT_TRUE(row.Text(2).empty() && row.Bytes(3).empty());
                            } else {
                              EXPECT_EQ(row.Int(0), most);
                              EXPECT_EQ(row.Number(1), 0.1);
                              EXPECT_EQ(row.Text(2), "Grüße, 世界 🚦");
                              EXPECT_TRUE(std::ranges::equal(row.Bytes(3), AsBytes(all)));
                            }
                            return {};
                          }));
  EXPECT_EQ(rows, 3);
}

TEST_P(SqlContract, KeepsSixteenMebibytesInOneValue) {
  const std::string big(16U << 20U, '\xA7');
  ASSERT_TRUE(
      Run("INSERT INTO things (id, body) VALUES ($1, $2)", {std::int64_t{1}, AsBytes(big)}));
  std::size_t size = 0;
  ASSERT_TRUE(sql_->Query("SELECT body FROM things", {}, [&](const Row& row) -> core::Status {
    size = row.Bytes(0).size();
    EXPECT_TRUE(std::ranges::equal(row.Bytes(0), AsBytes(big)));
    return {};
  }));
  EXPECT_EQ(size, big.size());
}

// P2: what a caller says is a value, whatever is in it.
TEST_P(SqlContract, ParametersArriveUnchangedWhateverIsInThem) {
  std::vector<std::string> texts = {"'",
                                    "\"",
                                    "' OR '1'='1",
                                    "'; DROP TABLE things; --",
                                    "\\",
                                    "\\'",
                                    "$1",
                                    "?1",
                                    ":name",
                                    "%",
                                    "_",
                                    "/* */",
                                    "--",
                                    ";",
                                    "{number}",
                                    "\xEF\xBF\xBD",
                                    "\u00A0\u0085",
                                    "E'\\x41'",
                                    "$$x$$",
                                    "\t\r\n\v\f\x01\x7F"};
  for (unsigned code = 0x20; code <= 0xFF; ++code) {
    texts.push_back(code < 0x80 ? std::string(1, static_cast<char>(code))
                                : std::string{static_cast<char>(0xC0U | (code >> 6U)),
                                              static_cast<char>(0x80U | (code & 0x3FU))});
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string raw(3, static_cast<char>(i));  // bytes need not be text
    ASSERT_TRUE(Run("INSERT INTO things (id, name, body) VALUES ($1, $2, $3)",
                    {static_cast<std::int64_t>(i), std::string_view(texts[i]), AsBytes(raw)}));
    std::size_t found = 0;
    ASSERT_TRUE(sql_->Query("SELECT id, name, body FROM things WHERE name = $1 AND body = $2",
                            {std::string_view(texts[i]), AsBytes(raw)},
                            [&](const Row& row) -> core::Status {
                              found += row.Int(0) == static_cast<std::int64_t>(i) ? 1 : 0;
                              EXPECT_EQ(row.Text(1), texts[i]);
                              EXPECT_TRUE(std::ranges::equal(row.Bytes(2), AsBytes(raw)));
                              return {};
                            }));
    EXPECT_EQ(found, 1U) << texts[i];
  }
  EXPECT_EQ(Count(), static_cast<std::int64_t>(texts.size()));
}

TEST_P(SqlContract, RefusesTextThatNoEngineTakes) {
  for (const std::string_view text :
       {std::string_view("\xFF"), std::string_view("a\0b", 3), std::string_view("\xC3"),
        std::string_view("\xED\xA0\x80"), std::string_view("\xC0\xAF")}) {
    const auto status = Add(1, text);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, core::ErrorCode::kInvalidRequest) << status.error().message;
    const std::string storable = StorableText(text);
    EXPECT_TRUE(IsStorableText(storable));
    EXPECT_TRUE(
        Run("INSERT INTO things (id, name) VALUES (2, $1) ON CONFLICT (id) DO UPDATE SET "
            "name = excluded.name",
            {std::string_view(storable)}));
  }
  EXPECT_EQ(Count(), 1);
}

TEST_P(SqlContract, AParameterMayStandSeveralTimesAndOutOfOrder) {
  ASSERT_TRUE(Add(1, "b"));
  ASSERT_TRUE(Add(2, "a"));
  const Statement statement =
      "SELECT name FROM things WHERE ($2 IS NULL OR name = $2) AND ($1 IS NULL OR id = $1) "
      "AND ($3 IS NULL OR ratio = $3) AND ($4 IS NULL OR body = $4) ORDER BY name";
  using Names = std::vector<std::string>;
  EXPECT_EQ(this->Names(statement, {Param(), Param(), Param(), Param()}), (Names{"a", "b"}));
  EXPECT_EQ(this->Names(statement, {std::int64_t{1}, Param(), Param(), Param()}), Names{"b"});
  EXPECT_EQ(this->Names(statement, {Param(), std::string_view("a"), Param(), Param()}), Names{"a"});
  EXPECT_EQ(this->Names(statement, {std::int64_t{1}, std::string_view("a"), 1.0, Param()}),
            Names{});
  EXPECT_EQ(this->Names(statement, {Param(), Param(), Param(), AsBytes("x")}), Names{});
  EXPECT_EQ(this->Names(statement, {std::int64_t{1}, std::string_view("b"), Param(), Param()}),
            Names{"b"});
}

TEST_P(SqlContract, SumsAreWholeNumbersOfWholeNumbers) {
  ASSERT_TRUE(Run("INSERT INTO things (id, ratio) VALUES (1, 0.5), (20000, 0.25)", {}));
  EXPECT_EQ(Count("SELECT SUM(id) FROM things"), 20'001);
  EXPECT_EQ(Count("SELECT COALESCE(SUM(id), 0) FROM things WHERE id > 99999"), 0);
  ASSERT_TRUE(sql_->Query("SELECT AVG(id), SUM(ratio), SUM(id), MAX(name) FROM things", {},
                          [](const Row& row) {
                            EXPECT_EQ(row.Number(0), 10'000.5);
                            EXPECT_EQ(row.Number(1), 0.75);
                            EXPECT_EQ(row.Number(2), 20'001);
                            EXPECT_TRUE(row.IsNull(3));
                            return core::Status();
                          }));
}

// P14: a pattern from outside stands for itself.
TEST_P(SqlContract, LikeFindsWhatIsWrittenAndNothingElse) {
  const std::vector<std::string> names = {"100%", "100x", "a_b", "axb",
                                          "c\\d", "c%d",  "ABC", "abc"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    ASSERT_TRUE(Add(static_cast<std::int64_t>(i), names[i]));
  }
  for (const std::string& name : names) {
    const std::string pattern = "%" + EscapeLike(name) + "%";
    EXPECT_EQ(Names("SELECT name FROM things WHERE name LIKE $1 ESCAPE '\\'",
                    {std::string_view(pattern)}),
              std::vector<std::string>{name});
  }
}

TEST_P(SqlContract, AWrongStatementIsInternalAndNamesTheDatabase) {
  for (const auto& status :
       {sql_->Query("SELECT nothing FROM nowhere", {}, {}), sql_->Query("SELECT $1", {}, {}),
        sql_->Query("SELECT id FROM things WHERE id = $2", {std::int64_t{1}, std::int64_t{2}}, {}),
        sql_->Query("SELECT 1; SELECT 2", {}, {})}) {
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, core::ErrorCode::kInternal) << status.error().message;
    EXPECT_NE(status.error().message.find(sql_->Name()), std::string::npos)
        << status.error().message;
  }
}

}  // namespace signalbox::store
