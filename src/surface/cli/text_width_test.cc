#include "surface/cli/text_width.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

TEST(Width, CountsColumnsAndNotBytes) {
  EXPECT_EQ(Width("gpt-4o"), 6);
  EXPECT_EQ(Width("Zürich"), 6);
  EXPECT_EQ(Width("模型"), 4);
  EXPECT_EQ(Width("ｗｉｄｅ"), 8);
  EXPECT_EQ(Width("e\u0301"), 1);  // e and a combining accent
  EXPECT_EQ(Width("✓"), 1);
  EXPECT_EQ(Width("🚀"), 2);
  EXPECT_EQ(Width("กำ\u200B"), 2);
}

TEST(Width, SkipsEscapeSequences) {
  EXPECT_EQ(Width("\x1B[31mbad\x1B[0m"), 3);
  EXPECT_EQ(Width("\x1B[1"), 0);  // cut in the middle
}

TEST(Width, TakesABrokenByteForOneColumn) {
  EXPECT_EQ(Width("a\xFFz"), 3);
  EXPECT_EQ(Width("a\xE6\xA8"), 3);  // two of a character's three bytes
  EXPECT_EQ(Width("\xC3("), 2);
}

TEST(Cut, EndsWithDotsOnlyWhenSomethingIsMissing) {
  EXPECT_EQ(Cut("gpt-4o", 6), "gpt-4o");
  EXPECT_EQ(Cut("gpt-4o", 5), "gpt-…");
  EXPECT_EQ(Cut("gpt-4o", 1), "…");
  EXPECT_EQ(Cut("gpt-4o", 0), "gpt-4o");
}

TEST(Cut, NeverCutsACharacterInTwo) {
  for (int columns = 1; columns < 9; ++columns) {
    const std::string cut = Cut("模型é🚀x", columns);
    EXPECT_LE(Width(cut), columns);
    EXPECT_EQ(cut.find('\xFF'), std::string::npos);
  }
  EXPECT_EQ(Cut("模型é🚀x", 4), "模…");  // the next one takes two and only one is left
}

TEST(Printable, KeepsTheCursorWhereItIs) {
  EXPECT_EQ(Printable("a\tb\nc\x1B[2Jd\x7F"), "a b c [2Jd ");
  EXPECT_EQ(Printable("a\u009B2Jb"), "a 2Jb");
  EXPECT_EQ(Printable("Zürich 模型"), "Zürich 模型");
}

TEST(Wrapped, BreaksBetweenWordsAndIndentsWhatFollows) {
  EXPECT_EQ(Wrapped("one two three", 8, 0), "one two\nthree");
  EXPECT_EQ(Wrapped("one two three", 8, 2), "one\n  two\n  three");
  EXPECT_EQ(Wrapped("one two three", 0, 2), "one two three");
}

TEST(Wrapped, KeepsAWordWholeThatIsLongerThanALine) {
  EXPECT_EQ(Wrapped("see https://example.org/a/long/path now", 10, 2),
            "see\n  https://example.org/a/long/path\n  now");
}

TEST(Wrapped, KeepsLineEndsAndWordsBesideThem) {
  EXPECT_EQ(Wrapped("one\n\ntwo three", 8, 2), "one\n\n  two\n  three");
  EXPECT_EQ(Wrapped("  one", 8, 0), "  one");
}

}  // namespace
}  // namespace signalbox::cli
