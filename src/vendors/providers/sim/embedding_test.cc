#include "vendors/providers/sim/embedding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/json/document.h"
#include "vendors/providers/sim/base64.h"

namespace signalbox::sim {
namespace {

double Dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += static_cast<double>(a[i]) * b[i];
  }
  return sum;
}

TEST(Embedding, IsAUnitVectorOfTheSizeAskedFor) {
  for (const std::size_t dimensions : {1U, 2U, 256U, 1536U}) {
    for (const char* text : {"", "hello", "hello world and more", "日本語"}) {
      const auto vector = Embed(text, dimensions);
      EXPECT_EQ(vector.size(), dimensions);
      EXPECT_NEAR(Dot(vector, vector), 1, 1e-5) << text << " in " << dimensions;
    }
  }
}

TEST(Embedding, TextsThatShareWordsAreNear) {
  const auto one = Embed("How do I reset my password?", 384);
  const auto near = Embed("how do i reset the PASSWORD", 384);
  const auto far = Embed("The weather in Paris is sunny today", 384);
  EXPECT_GT(Dot(one, near), 0.6);
  EXPECT_LT(Dot(one, far), 0.3);
  EXPECT_EQ(one, Embed("how do i  reset my password", 384));
}

TEST(Embedding, NumbersReadBackEqual) {
  const auto vector = Embed("round trip", 64);
  std::string text;
  AppendNumbers(text, vector);
  json::Document document;
  ASSERT_TRUE(document.Parse(text));
  std::size_t i = 0;
  json::ForEachElement(document.Root(), [&](const json::Value& value) {
    EXPECT_EQ(static_cast<float>(*value.AsDouble()), vector[i++]);
  });
  EXPECT_EQ(i, vector.size());
}

TEST(Embedding, PackedIsLittleEndianFloats) {
  const auto vector = Embed("packed", 5);
  std::string text;
  AppendPacked(text, vector);
  const std::string bytes = DecodeBase64Start(std::string_view(text).substr(1), 1000);
  ASSERT_EQ(bytes.size(), 20U);
  EXPECT_EQ(std::memcmp(bytes.data(), vector.data(), 20), 0);
}

TEST(Base64, KnowsTheStandardsVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    std::string out;
    AppendBase64(out, plain);
    EXPECT_EQ(out, coded);
    EXPECT_EQ(DecodeBase64Start(coded, 100), plain);
  }
}

}  // namespace
}  // namespace signalbox::sim
