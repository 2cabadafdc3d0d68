#include "vendors/tokens/scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace signalbox::tokens {
namespace {

using Pieces = std::vector<std::string>;

Pieces Cut(Encoding encoding, std::string_view text) {
  Pieces pieces;
  Scanner scanner(encoding, text);
  for (auto piece = scanner.Next(); !piece.empty(); piece = scanner.Next()) {
    pieces.emplace_back(piece);
  }
  return pieces;
}

Pieces Old(std::string_view text) {
  return Cut(Encoding::kCl100k, text);
}
Pieces New(std::string_view text) {
  return Cut(Encoding::kO200k, text);
}

TEST(Scanner, AWordTakesTheCharacterBeforeIt) {
  EXPECT_EQ(Old("hello world"), (Pieces{"hello", " world"}));
  EXPECT_EQ(Old("(see)\tx"), (Pieces{"(see", ")", "\tx"}));
  EXPECT_EQ(New("a\nb"), (Pieces{"a", "\n", "b"}));
}

TEST(Scanner, ContractionsStandAloneInTheOldEncodingAndEndWordsInTheNew) {
  EXPECT_EQ(Old("don't"), (Pieces{"don", "'t"}));
  EXPECT_EQ(Old("'rer"), (Pieces{"'re", "r"}));
  EXPECT_EQ(New("don't I'LL"), (Pieces{"don't", " I'LL"}));
  EXPECT_EQ(New("'rer"), (Pieces{"'rer"}));
  EXPECT_EQ(Old("x'ſa"), (Pieces{"x", "'ſ", "a"}));  // ſ is an s
}

TEST(Scanner, TheNewEncodingCutsWhereCaseRises) {
  EXPECT_EQ(New("camelCaseWord HTTPServer ABC"),
            (Pieces{"camel", "Case", "Word", " HTTPServer", " ABC"}));
  EXPECT_EQ(Old("camelCase"), (Pieces{"camelCase"}));
  EXPECT_EQ(New("A中B"), (Pieces{"A中", "B"}));  // 中 has no case and goes with both
}

TEST(Scanner, DigitsComeInThrees) {
  EXPECT_EQ(Old("1234567 ٣½"), (Pieces{"123", "456", "7", " ", "٣½"}));
}

TEST(Scanner, SignsTakeOneSpaceBeforeAndLineEndsAfter) {
  EXPECT_EQ(Old("a == b;\r\n\nc"), (Pieces{"a", " ==", " b", ";\r\n\n", "c"}));
  EXPECT_EQ(New("://\n/x"), (Pieces{"://\n/", "x"}));
  EXPECT_EQ(Old("!\n/"), (Pieces{"!\n", "/"}));
}

TEST(Scanner, WhiteSpaceEndsAtItsLastLineEndOrLeavesOneForTheWord) {
  EXPECT_EQ(Old("a  \n  b"), (Pieces{"a", "  \n", " ", " b"}));
  EXPECT_EQ(Old("a   1"), (Pieces{"a", "  ", " ", "1"}));
  EXPECT_EQ(Old("a \xC2\x85"), (Pieces{"a", " \xC2\x85"}));
}

TEST(Scanner, PiecesAreTheTextWhateverItIs) {
  for (const Encoding encoding : kEncodings) {
    for (char32_t point = 0; point < 0x3000; ++point) {
      std::string text = "a";
      if (point < 0x80) {
        text += static_cast<char>(point);
      } else if (point < 0x800) {
        text += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
      } else {
        text +=
            {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
             static_cast<char>(0x80 | (point & 0x3F))};
      }
      text += text;
      std::string joined;
      for (const std::string& piece : Cut(encoding, text)) {
        joined += piece;
      }
      ASSERT_EQ(joined, text);
    }
  }
}

}  // namespace
}  // namespace signalbox::tokens
