// The text cases of test/cases/bedrock. Those of streams have a first section `frames`: a frame a
// line, its kind, a space and its payload; `rendered` looks the same.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "vendors/chat/dump.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::bedrock {
namespace {

std::filesystem::path PathOf(const std::string& file) {
  return std::filesystem::path(SB_SOURCE_DIR) / "test" / "cases" / "bedrock" / file;
}

struct StreamCase {
  std::string frames, canonical, rendered;
};

std::string Slurp(const std::string& file) {
  std::ifstream in(PathOf(file), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Empty frames: the case is no stream.
StreamCase ReadStreamCase(const std::string& file) {
  StreamCase read;
  std::istringstream lines(Slurp(file));
  std::string* section = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("=== ")) {
      section = line == "=== frames"      ? &read.frames
                : line == "=== canonical" ? &read.canonical
                : line == "=== rendered"  ? &read.rendered
                                          : nullptr;
    } else if (section != nullptr) {
      *section += line + "\n";
    }
  }
  return read;
}

std::vector<std::string_view> Cut(std::string_view bytes, std::size_t piece) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    pieces.push_back(bytes.substr(at, piece));
  }
  return pieces;
}

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  const StreamCase stream = ReadStreamCase(GetParam());
  if (stream.frames.empty()) {
    testkit::CheckCase(TheDialect(), "bedrock", GetParam(), kRules);
    return;
  }
  const std::string bytes = FramesOf(stream.frames);
  const testkit::Streamed outcome = testkit::RunStream(TheDialect(), {bytes});
  if (std::getenv("SB_UPDATE_CASES") != nullptr) {
    std::ofstream file(PathOf(GetParam()), std::ios::binary);
    file << "=== frames\n" << stream.frames << "=== canonical\n" << outcome.canonical;
    file << "=== rendered\n" << LinesOf(outcome.rendered);
    return;
  }
  EXPECT_EQ(outcome.canonical, stream.canonical);
  EXPECT_EQ(LinesOf(outcome.rendered), stream.rendered);
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  const std::string bytes = FramesOf(ReadStreamCase(GetParam()).frames);
  const std::string whole = testkit::RunStream(TheDialect(), {bytes}).canonical;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    const std::string_view text = bytes;
    ASSERT_EQ(testkit::RunStream(TheDialect(), {text.substr(0, cut), text.substr(cut)}).canonical,
              whole)
        << cut;
  }
  EXPECT_EQ(testkit::RunStream(TheDialect(), Cut(bytes, 1)).canonical, whole);
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames("bedrock")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::bedrock
