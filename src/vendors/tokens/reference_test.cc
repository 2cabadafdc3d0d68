// Token for token the same as another implementation, the one that the vocabulary's package holds,
// over texts of all kinds.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "vendors/tokens/text.h"
#include "vendors/tokens/vocabulary_testing.h"

namespace signalbox::tokens {
namespace {

constexpr int kTexts = 6000;

std::string Utf8(std::uint32_t point) {
  std::string text;
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
  } else {
    if (point < 0x10000) {
      text += static_cast<char>(0xE0 | point >> 12);
    } else {
      text +=
          {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3F))};
    }
    text +=
        {static_cast<char>(0x80 | (point >> 6 & 0x3F)), static_cast<char>(0x80 | (point & 0x3F))};
  }
  return text;
}

class Texts {
 public:
  Texts() {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(SB_SOURCE_DIR "/src/vendors")) {
      if (entry.path().extension() == ".cc" && prose_.size() < 400'000) {
        std::ifstream file(entry.path());
        prose_.append(std::istreambuf_iterator<char>(file), {});
      }
    }
  }

  std::string Next() {
    switch (random_() % 6) {
      case 0:
        return Of(
            {" ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u0085", "a", "A", "1", "!", "/"});
      case 1:
        return Of({"'s", "'S", "'ſ", "'ll", "'LL", "'rE", "'", "don", "DON", "中", "\u0301", "ʰ",
                   "ǅ", " "});
      case 2:
        return OfPoints(0x20, 0x600);
      case 3:
        return OfPoints(0x80, 0x30000);
      case 4:
        return Slice();
      default:
        return Run();
    }
  }

 private:
  std::string Of(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t i = 1 + random_() % 25; i > 0; --i) {
      text += parts[random_() % parts.size()];
    }
    return text;
  }
  std::string OfPoints(std::uint32_t first, std::uint32_t last) {
    std::string text;
    for (std::size_t i = 1 + random_() % 30; i > 0; --i) {
      const auto point = first + static_cast<std::uint32_t>(random_()) % (last - first);
      text += point >= 0xD800 && point < 0xE000 ? "?" : Utf8(point);
    }
    return text;
  }
  std::string Slice() {
    std::size_t begin = random_() % prose_.size();
    while (begin < prose_.size() && (prose_[begin] & 0xC0) == 0x80) {
      ++begin;
    }
    std::size_t end = std::min(begin + random_() % 500, prose_.size());
    while (end < prose_.size() && (prose_[end] & 0xC0) == 0x80) {
      ++end;
    }
    return prose_.substr(begin, end - begin);
  }
  std::string Run() {
    static const std::vector<std::string> kUnits = {"a", "A", "0",  "^", " ", "\n",
                                                    "=", "-", "中", "é", "ab"};
    const std::string& unit = kUnits[random_() % kUnits.size()];
    std::string text;
    for (std::size_t i = 1 + random_() % 400; i > 0; --i) {
      text += unit;
    }
    return text + (random_() % 2 == 0 ? "b" : "\n");
  }

  std::mt19937 random_{11};
  std::string prose_;
};

std::string Hex(std::string_view text) {
  std::string hex;
  for (const unsigned char c : text) {
    hex += {"0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
  }
  return hex;
}

std::string Joined(const std::vector<Rank>& ranks) {
  std::string text;
  for (const Rank rank : ranks) {
    text += (text.empty() ? "" : " ") + std::to_string(rank);
  }
  return text;
}

// The lines that the reference prints for the lines of `input`.
std::vector<std::string> RunReference(Encoding encoding, const std::string& input) {
  const std::string folder = testing::TempDir() + "tokens-reference-" + std::to_string(::getpid());
  std::ofstream(folder) << input;
  const std::string command = "node '" SB_SOURCE_DIR
                              "/src/vendors/tokens/tool/reference.cjs' '" SB_VOCABULARY_DIR "' " +
                              std::string(Name(encoding)) + " <'" + folder + "' 2>&1";
  std::vector<std::string> lines(1);
  if (FILE* const pipe = ::popen(command.c_str(), "r"); pipe != nullptr) {
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
      if (c == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += static_cast<char>(c);
      }
    }
    ::pclose(pipe);
  }
  lines.pop_back();
  std::filesystem::remove(folder);
  return lines;
}

class Reference : public testing::TestWithParam<Encoding> {};

TEST_P(Reference, MakesTheSameTokens) {
  const auto vocabulary = BuiltVocabulary();
  if (!vocabulary || !std::filesystem::exists(SB_VOCABULARY_DIR "/package/tiktoken.cjs")) {
    GTEST_SKIP() << "skipped: no vocabulary and reference here (scripts/fetch_vocabulary)";
  }
  if (std::system("node --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "skipped: no node here";
  }
  Texts source;
  std::vector<std::string> texts;
  std::string input;
  for (int i = 0; i < kTexts; ++i) {
    texts.push_back(source.Next());
    input += Hex(texts.back()) + "\n";
  }
  const auto expected = RunReference(GetParam(), input);
  ASSERT_EQ(expected.size(), texts.size()) << (expected.empty() ? "" : expected.back());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ(Joined(EncodeText(*vocabulary, GetParam(), texts[i])), expected[i]) << Hex(texts[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(Encodings, Reference, testing::ValuesIn(kEncodings),
                         [](const auto& info) { return std::string(Name(info.param)); });

}  // namespace
}  // namespace signalbox::tokens
