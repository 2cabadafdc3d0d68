// The text forms of values, distances of words, and tables that cannot be.
#include "base/config/values.h"

#include <gtest/gtest.h>

#include "base/config/problem.h"
#include "base/config/sample_table.h"

namespace signalbox::config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsBackWhatItWrites) {
  const std::pair<std::chrono::nanoseconds, const char*> cases[] = {
      {0s, "0s"},   {250us, "250us"}, {300ms, "300ms"}, {1500ms, "1500ms"},
      {10s, "10s"}, {90s, "90s"},     {5min, "5m"},     {2h, "2h"},
      {24h, "1d"},  {7 * 24h, "7d"},  {25h, "25h"}};
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(DurationText(value), text);
    EXPECT_EQ(ParseDuration(text), value);
  }
}

TEST(ByteSize, ReadsBackWhatItWrites) {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0, "0B"},           {1000, "1KB"},          {1001, "1001B"},     {1024, "1KiB"},
      {32 << 20, "32MiB"}, {1'000'000'000, "1GB"}, {1ULL << 40, "1TiB"}};
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(ByteSizeText({value}), text);
    EXPECT_EQ(ParseByteSize(text), ByteSize{value});
  }
}

TEST(Url, KeepsTheUserApart) {
  const auto url = ParseUrl("postgresql://me:p@ss@db.example:5432/signalbox?sslmode=require");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->user, "me:p@ss");
  EXPECT_EQ(url->host, "db.example");
  EXPECT_EQ(url->port, 5432);
  EXPECT_EQ(url->path, "/signalbox?sslmode=require");
  EXPECT_EQ(url->text, "postgresql://db.example:5432/signalbox?sslmode=require");
}

TEST(Url, AQueryWithoutAPathGetsOne) {
  EXPECT_EQ(ParseUrl("http://[::1]?a=b")->path, "/?a=b");
  EXPECT_EQ(ParseUrl("http://[::1]?a=b")->host, "::1");
  EXPECT_FALSE(ParseUrl("http://h\\@evil"));
  EXPECT_FALSE(ParseUrl("http://a@b@/x"));
}

TEST(Nearest, CountsSlipsOfTheFinger) {
  const std::vector<std::string> keys = {"listen", "limits", "workers", "tls"};
  EXPECT_EQ(Nearest("lisetn", keys), "listen");
  EXPECT_EQ(Nearest("limit", keys), "limits");
  EXPECT_EQ(Nearest("WORKERS", keys), "workers");
  EXPECT_EQ(Nearest("tsl", keys), "tls");
  EXPECT_EQ(Nearest("weather", keys), "");
  EXPECT_EQ(Nearest("", keys), "");
  EXPECT_EQ(Nearest(std::string(10'000, 'l'), keys), "");
}

TEST(Utf8, FindsTheFirstWrongByte) {
  std::size_t bad = 0;
  EXPECT_TRUE(IsUtf8("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"));
  EXPECT_FALSE(IsUtf8("ab\xf4\x90\x80\x80", &bad));
  EXPECT_EQ(bad, 2U);
}

struct Twice {
  int a = 0;
  int b = 0;
};

TEST(TableDeathTest, RefusesKeysThatAreBroken) {
  EXPECT_DEATH(
      Table<Twice>("t", "").Add("a", &Twice::a, {.doc = ""}).Add("a", &Twice::b, {.doc = ""}),
      "used twice");
  EXPECT_DEATH(Table<Twice>("t", "").Add("maxBytes", &Twice::a, {.doc = ""}), "snake_case");
  EXPECT_DEATH(Table<Twice>("t", "").Add("a__b", &Twice::a, {.doc = ""}), "snake_case");
}

}  // namespace
}  // namespace signalbox::config
