#include "base/telemetry/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/telemetry/log_line.h"

namespace signalbox::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr core::WallTime kTime{std::chrono::milliseconds(1'795'000'000'123)};

TEST(LogLine, IsOneJsonObject) {
  EXPECT_EQ(JsonLine(kTime, Level::kWarn, "disk \"full\"",
                     {{"file", "a\nb"}, {"bytes", 12}, {"share", 0.5}, {"retry", true}}),
            "{\"time\":\"2026-11-18T11:06:40.123Z\",\"level\":\"warn\","
            "\"message\":\"disk \\\"full\\\"\",\"file\":\"a\\u000ab\",\"bytes\":12,"
            "\"share\":0.5,\"retry\":true}\n");
}

TEST(LogLine, HasAFormForPeople) {
  EXPECT_EQ(HumanLine(kTime, Level::kInfo, "listening", {{"address", "127.0.0.1:8080"}}),
            "11:06:40.123 info  listening  address=\"127.0.0.1:8080\"\n");
}

TEST(LogLine, NeverGrowsBeyondItsBound) {
  const std::string longer(100'000, '\x01');
  for (const auto form : {JsonLine, HumanLine}) {
    const std::string line = form(kTime, Level::kInfo, "m", {{"a", longer}, {"b", longer}});
    EXPECT_LE(line.size(), kMaxLineBytes);
    EXPECT_EQ(line.back(), '\n');
    EXPECT_EQ(line.find('\n'), line.size() - 1);
  }
  EXPECT_THAT(JsonLine(kTime, Level::kInfo, "m", {{"a", longer}}),
              HasSubstr(R"("truncated":true})"));
}

TEST(Redact, MasksWhatLooksLikeAKey) {
  EXPECT_EQ(Redact("key sk-proj-abcdef0123456789 refused"), "key sk-**** refused");
  EXPECT_EQ(Redact("Authorization: Bearer abc.def-123"), "Authorization: Bearer ****");
  EXPECT_EQ(Redact("authorization: bearer abc"), "authorization: bearer ****");
  EXPECT_EQ(Redact("Basic dXNlcjpwYXNz"), "Basic ****");
  EXPECT_EQ(Redact("sb_4f21_0123456789abcdef"), "sb_****");
  EXPECT_EQ(Redact("https://host/v1?key=AIzaSyA1234567890abc&x=1"),
            "https://host/v1?key=AIza****&x=1");
  EXPECT_EQ(Redact("\"sk-ant-api03-xxxxxxxxxxxx\""), "\"sk-****\"");
  EXPECT_EQ(Redact("sk-aaaaaaaaaaaa,sk-bbbbbbbbbbbb"), "sk-****,sk-****");
}

TEST(Redact, LeavesTheRestAlone) {
  for (const std::string_view text :
       {"", "task-oriented", "risk-averse-behaviour", "sk-", "gpt-4o-mini",
        "req_0123456789abcdef0123456789abcdef", "127.0.0.1:8080"}) {
    EXPECT_EQ(Redact(text), text);
  }
}

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  ~Pipe() {
    close(ends_[0]);
    CloseWriter();
  }
  int writer() const { return ends_[1]; }
  void CloseWriter() {
    if (ends_[1] >= 0) {
      close(ends_[1]);
      ends_[1] = -1;
    }
  }
  std::string ReadAll() {
    CloseWriter();
    std::string out;
    char buffer[65536];
    for (ssize_t got = 0; (got = read(ends_[0], buffer, sizeof buffer)) > 0;) {
      out.append(buffer, static_cast<std::size_t>(got));
    }
    return out;
  }

 private:
  int ends_[2] = {-1, -1};
};

TEST(Log, WritesJsonLinesOfItsLevelAndMasksSecrets) {
  Pipe pipe;
  StartLog({.level = Level::kInfo, .descriptor = pipe.writer()});
  EXPECT_FALSE(LogEnabled(Level::kDebug));
  Log(Level::kDebug, "not this");
  Log(Level::kInfo, "first", {{"key", "sk-canary-0123456789"}, {"n", 3U}});
  Log(Level::kError, "second Bearer canary");
  StopLog();
  const std::string text = pipe.ReadAll();
  EXPECT_THAT(text, Not(HasSubstr("not this")));
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_THAT(text, HasSubstr(R"("message":"first","key":"sk-****","n":3})"));
  EXPECT_LT(text.find("first"), text.find("second"));
}

TEST(Log, ManyThreadsWriteWholeLines) {
  Pipe pipe;
  const std::uint64_t dropped_before = DroppedLogLines();
  StartLog({.descriptor = pipe.writer(), .queue = 4096});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 100; ++i) {
        Log(Level::kInfo, "line", {{"thread", t}, {"i", i}});
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  StopLog();
  const std::string text = pipe.ReadAll();
  EXPECT_EQ(std::ranges::count(text, '\n'), 400);
  EXPECT_EQ(std::ranges::count(text, '{'), 400);
  EXPECT_EQ(DroppedLogLines(), dropped_before);
}

TEST(Log, AStuckSinkCostsLinesAndNeverTheCaller) {
  Pipe pipe;  // that nobody reads
  const std::uint64_t dropped_before = DroppedLogLines();
  StartLog({.descriptor = pipe.writer(), .queue = 16});
  const std::string filler(1000, 'f');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2000; ++i) {
    Log(Level::kInfo, "line", {{"filler", filler}});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  StopLog();
  const std::string text = pipe.ReadAll();
  const auto written = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
  EXPECT_GT(written, 0U);
  EXPECT_EQ(written + DroppedLogLines() - dropped_before, 2000U);
}

TEST(Log, ASinkThatIsGoneIsCounted) {
  const std::uint64_t dropped_before = DroppedLogLines();
  StartLog({.descriptor = -1});
  Log(Level::kInfo, "into nothing");
  StopLog();
  EXPECT_EQ(DroppedLogLines(), dropped_before + 1);
}

}  // namespace
}  // namespace signalbox::telemetry
