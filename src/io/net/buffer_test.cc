#include "io/net/buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace signalbox::net {
namespace {

std::string Pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('a' + i % 23);
  }
  return text;
}

TEST(Buffer, HoldsNoBlockUntilItIsAsked) {
  const Buffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_TRUE(buffer.room().empty());
  EXPECT_EQ(buffer.bytes(), "");
}

TEST(Buffer, AFreshReserveGivesASmallBlock) {
  Buffer buffer;
  buffer.Reserve(1);
  EXPECT_EQ(buffer.room().size(), kSmallBlock);
}

TEST(Buffer, KeepsItsBytesWhenItMustGrow) {
  for (const std::size_t room : {1UL, 9000UL, 60'000UL, 70'000UL, 300'000UL}) {
    Buffer buffer;
    const std::string text = Pattern(8000);
    buffer.Append(text);
    buffer.Consume(1000);
    buffer.Reserve(room);
    EXPECT_GE(buffer.room().size(), room);
    EXPECT_EQ(buffer.bytes(), text.substr(1000)) << room;
  }
}

TEST(Buffer, MovesItsBytesToTheFrontRatherThanGrow) {
  Buffer buffer;
  buffer.Append(Pattern(8000));
  const char* block = buffer.bytes().data();
  buffer.Consume(7000);
  buffer.Reserve(7000);
  EXPECT_EQ(buffer.bytes(), Pattern(8000).substr(7000));
  EXPECT_EQ(buffer.bytes().data(), block);
}

TEST(Buffer, AppendsWholeTextsOfAnySize) {
  Buffer buffer;
  std::string expected;
  for (const std::size_t size : {1UL, 8191UL, 1UL, 65'536UL, 3UL, 200'000UL}) {
    buffer.Append(Pattern(size));
    expected += Pattern(size);
    EXPECT_EQ(buffer.bytes(), expected);
  }
}

TEST(Buffer, AppendsNothingToNothing) {
  Buffer buffer;
  buffer.Append("");
  EXPECT_TRUE(buffer.empty());
}

TEST(Buffer, MovingHandsTheBlockOver) {
  Buffer buffer;
  buffer.Append("abc");
  Buffer moved(std::move(buffer));
  EXPECT_EQ(moved.bytes(), "abc");
  EXPECT_TRUE(buffer.empty());  // NOLINT: a moved-from buffer is an empty one
  Buffer target;
  target.Append("xyz");
  target = std::move(moved);
  EXPECT_EQ(target.bytes(), "abc");
}

TEST(Buffer, ReleaseGivesTheBlockBackAndTheBufferCanBeUsedAgain) {
  for (const std::size_t size : {10UL, 20'000UL, 200'000UL}) {
    Buffer buffer;
    buffer.Append(Pattern(size));
    buffer.Release();
    EXPECT_TRUE(buffer.empty());
    EXPECT_TRUE(buffer.room().empty());
    buffer.Append("again");
    EXPECT_EQ(buffer.bytes(), "again");
  }
  Buffer::TrimThread();
}

TEST(Buffer, ALargeBlockIsUsedAgainForARequestOfItsSizeButNotForAMuchSmallerOne) {
  Buffer::TrimThread();
  const char* first = nullptr;
  {
    Buffer buffer;
    buffer.Reserve(1'000'000);
    first = buffer.room().data();
  }
  {
    Buffer small;
    small.Reserve(100'000);
    EXPECT_NE(small.room().data(), first);
  }
  Buffer again;
  again.Reserve(900'000);
  EXPECT_EQ(again.room().data(), first);
  again.Release();
  Buffer::TrimThread();
}

}  // namespace
}  // namespace signalbox::net
