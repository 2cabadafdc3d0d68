// Both kinds of block, with every feature of a text moved across their borders.
#include "base/json/validator.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json/scanner.h"
#include "base/json/utf8.h"

namespace signalbox::json {
namespace {

template <typename B>
class Blocks : public ::testing::Test {
 protected:
  // The flaw in `text`, which stands in a buffer of exactly its size.
  Reason FlawIn(const std::string& text) {
    const std::vector<char> exact(text.begin(), text.end());
    nodes_.clear();
    Validator<B> validator({exact.data(), exact.size()}, {}, nodes_);
    validator.Run();
    high_ = validator.has_high_bytes();
    offset_ = validator.flaw().offset;
    return validator.flaw().reason;
  }

  std::vector<Node> nodes_;
  bool high_ = false;
  std::size_t offset_ = 0;
};

#if defined(__SSE2__)
using Kinds = ::testing::Types<SwarBlock, Sse2Block>;
#else
using Kinds = ::testing::Types<SwarBlock>;
#endif
TYPED_TEST_SUITE(Blocks, Kinds);

constexpr std::size_t kOffsets = 150;  // past two steps of the long loop

TYPED_TEST(Blocks, SeeEveryByteInEveryPlace) {
  for (unsigned place = 0; place < TypeParam::kSize; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text(TypeParam::kSize, 'x');
      text[place] = static_cast<char>(byte);
      const TypeParam block(text.data());
      const std::uint32_t bit = 1U << place;
      const std::uint32_t all = (1U << TypeParam::kSize) - 1U;
      EXPECT_EQ(block.Special(), byte < 0x20 || byte == '"' || byte == '\\' ? bit : 0U) << byte;
      EXPECT_EQ(block.High(), byte >= 0x80 ? bit : 0U) << byte;
      EXPECT_EQ(block.NotSpace(), IsSpace(text[place]) ? all & ~bit : all) << byte;
    }
  }
}

TYPED_TEST(Blocks, FindTheEndOfAStringOfEveryLengthInEveryPlace) {
  for (std::size_t before = 0; before <= 40; ++before) {
    for (std::size_t size = 0; size < kOffsets; ++size) {
      const std::string text = std::string(before, ' ') + '"' + std::string(size, 'x') + '"';
      ASSERT_EQ(this->FlawIn(text), Reason::kNone) << text;
      EXPECT_EQ(this->nodes_[0].begin, before);
      EXPECT_EQ(this->nodes_[0].end, text.size());
      EXPECT_FALSE(this->nodes_[0].escaped);
      ASSERT_EQ(this->FlawIn(text.substr(0, text.size() - 1)), Reason::kOpenString) << text;
      EXPECT_EQ(this->offset_, before);
    }
  }
}

TYPED_TEST(Blocks, TakeEveryEscapeInEveryPlaceAndCloseAfterIt) {
  for (const std::string escape : {"\\\"", "\\\\", "\\/", "\\n", "\\u0022", "\\uD83D\\ude00",
                                   "\\\\\\\"", "\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n"}) {
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      for (const std::size_t after : {0U, 1U, 7U, 16U, 90U}) {
        const std::string text =
            "[\"" + std::string(offset, 'x') + escape + std::string(after, 'y') + "\",7]";
        ASSERT_EQ(this->FlawIn(text), Reason::kNone) << text;
        EXPECT_TRUE(this->nodes_[1].escaped);
        EXPECT_EQ(this->nodes_[1].end, text.size() - 3) << text;
        EXPECT_EQ(this->nodes_[2].kind, Kind::kNumber);
      }
    }
  }
}

TYPED_TEST(Blocks, RefuseBadEscapesAndControlsInEveryPlaceAndSayWhere) {
  const std::pair<std::string, Reason> flaws[] = {
      {"\\x", Reason::kEscape},
      {"\\u12g4", Reason::kHexDigits},
      {"\\u\"\"\"\"", Reason::kHexDigits},
      {std::string(1, '\0'), Reason::kControlCharacter},
      {"\n", Reason::kControlCharacter},
      {"\x1f", Reason::kControlCharacter},
  };
  for (const auto& [flaw, reason] : flaws) {
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      for (const std::size_t after : {0U, 3U, 80U}) {
        const std::string text =
            '"' + std::string(offset, 'x') + flaw + std::string(after, 'y') + '"';
        ASSERT_EQ(this->FlawIn(text), reason) << text;
        EXPECT_EQ(this->offset_, offset + 1) << text;
      }
    }
  }
}

TYPED_TEST(Blocks, NoticeBytesOutsideAsciiInEveryPlace) {
  for (const std::string character : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff"}) {
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      const std::string before(offset, 'x');
      ASSERT_EQ(this->FlawIn('"' + before + character + before + '"'), Reason::kNone);
      EXPECT_TRUE(this->high_) << offset;
      ASSERT_EQ(this->FlawIn('"' + before + "\\n" + character + '"'), Reason::kNone);
      EXPECT_TRUE(this->high_) << offset;
      ASSERT_EQ(this->FlawIn('"' + before + "e" + before + '"'), Reason::kNone);
      EXPECT_FALSE(this->high_) << offset;
    }
  }
}

TYPED_TEST(Blocks, SkipWhiteSpaceOfEveryLengthAndNothingElse) {
  for (std::size_t size = 0; size <= 70; ++size) {
    std::string space;
    for (std::size_t i = 0; i < size; ++i) {
      space += " \n\t\r"[(i * 7 + size) % 4];
    }
    const std::string text = space + "{" + space + "\"k\"" + space + ":" + space + "[" + space +
                             "1" + space + "," + space + "2" + space + "]" + space + "}" + space;
    ASSERT_EQ(this->FlawIn(text), Reason::kNone) << size;
    EXPECT_EQ(this->nodes_[0].begin, size);
    for (const char* other : {"\f", "\v", "\x01", "\xa0", "x"}) {
      EXPECT_EQ(this->FlawIn(space + other + space + "1"), Reason::kValue) << size;
    }
  }
}

TEST(Utf8, NamesTheFirstByteThatBelongsToNoCharacter) {
  for (std::size_t offset = 0; offset < 70; ++offset) {
    std::string good(offset, 'a');
    good += "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
    EXPECT_TRUE(IsUtf8(good));
    EXPECT_EQ(FirstFlawInUtf8(good), good.size());
    for (const char* bad : {"\x80", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82z"}) {
      EXPECT_FALSE(IsUtf8(good + bad + "tail"));
      EXPECT_EQ(FirstFlawInUtf8(good + bad + "tail"), good.size());
    }
  }
}

// Lead and second bytes of every kind, with the edges of the third and fourth.
TEST(Utf8, FirstFlawAgreesWithTheFastCheck) {
  for (unsigned lead = 0x70; lead < 0x100; ++lead) {
    for (unsigned second = 0x7e; second < 0x100; ++second) {
      for (const unsigned third : {0x20U, 0x7fU, 0x80U, 0xbfU, 0xc0U}) {
        for (const unsigned fourth : {0x20U, 0x80U, 0xbfU}) {
          const char bytes[] = {static_cast<char>(lead), static_cast<char>(second),
                                static_cast<char>(third), static_cast<char>(fourth)};
          const std::string_view text(bytes, sizeof bytes);
          ASSERT_EQ(IsUtf8(text), FirstFlawInUtf8(text) == text.size());
        }
      }
    }
  }
}

}  // namespace
}  // namespace signalbox::json
