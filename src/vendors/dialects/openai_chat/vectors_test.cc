#include "vendors/dialects/openai_chat/vectors.h"

#include <gtest/gtest.h>

namespace signalbox::openai_chat {
namespace {

// 1.0f, -0.5f, 0.1f in little-endian bytes.
constexpr const char* kBase64 = R"("AACAPwAAAL/NzMw9")";
constexpr const char* kNumbers = "[1,-0.5,0.1]";

TEST(InEncoding, TurnsNumbersIntoBase64AndBack) {
  EXPECT_EQ(InEncoding(kNumbers, "base64"), kBase64);
  EXPECT_EQ(InEncoding(kBase64, "float"), kNumbers);
}

TEST(InEncoding, PadsTheLastGroup) {
  EXPECT_EQ(InEncoding("[1]", "base64"), R"("AACAPw==")");
  EXPECT_EQ(InEncoding("[1,1]", "base64"), R"("AACAPwAAgD8=")");
  EXPECT_EQ(InEncoding(R"("AACAPw==")", "float"), "[1]");
}

TEST(InEncoding, LeavesWhatFitsOrIsNeither) {
  EXPECT_EQ(InEncoding(kNumbers, "float"), kNumbers);
  EXPECT_EQ(InEncoding(kNumbers, ""), kNumbers);
  EXPECT_EQ(InEncoding(kBase64, "base64"), kBase64);
  EXPECT_EQ(InEncoding("null", "float"), "null");
}

}  // namespace
}  // namespace signalbox::openai_chat
