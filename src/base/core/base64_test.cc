#include "base/core/base64.h"

#include <gtest/gtest.h>

namespace signalbox::core {
namespace {

// The vectors of RFC 4648, section 10.
TEST(Base64, WritesAndReadsBack) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(ToBase64(plain), coded);
    EXPECT_EQ(FromBase64(coded), plain);
  }
  EXPECT_EQ(ToBase64("\xff\xfe\xfd"), "//79");
  std::string out = "data:";
  AppendBase64("foobar", out);
  EXPECT_EQ(out, "data:Zm9vYmFy");
}

TEST(Base64, TakesBlanksAndMissingPadding) {
  EXPECT_EQ(FromBase64("Zm9v\r\nYg"), "foob");
  EXPECT_EQ(FromBase64("Zm9vYg=="), "foob");
}

TEST(Base64, RefusesWhatIsNone) {
  EXPECT_EQ(FromBase64("Zm9v*"), std::nullopt);
  EXPECT_EQ(FromBase64("Zg==Zg=="), std::nullopt);
  EXPECT_EQ(FromBase64("data:x"), std::nullopt);
}

}  // namespace
}  // namespace signalbox::core
