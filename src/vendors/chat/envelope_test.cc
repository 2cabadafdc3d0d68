#include "vendors/chat/envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::chat {
namespace {

using testing::ElementsAre;

std::vector<std::string_view> Pieces(const EditList& edits, std::string_view text) {
  std::vector<std::string_view> pieces;
  edits.Apply(text, pieces);
  return pieces;
}

TEST(EditList, LeavesATextWithoutEditsInOnePiece) {
  EXPECT_THAT(Pieces({}, "abc"), ElementsAre("abc"));
  EXPECT_THAT(Pieces({}, ""), ElementsAre());
}

TEST(EditList, ReplacesInsertsAndRemoves) {
  EditList edits;
  edits.Add({0, 0}, "<");
  edits.Add({1, 3}, "X");
  edits.Add({4, 5}, "");
  edits.Add({6, 6}, ">");
  EXPECT_THAT(Pieces(edits, "abcdef"), ElementsAre("<", "a", "X", "d", "f", ">"));
}

TEST(EditList, PutsNoEmptyPieceBetweenNeighbours) {
  EditList edits;
  edits.Add({0, 2}, "1");
  edits.Add({2, 4}, "2");
  EXPECT_THAT(Pieces(edits, "abcd"), ElementsAre("1", "2"));
}

}  // namespace
}  // namespace signalbox::chat
