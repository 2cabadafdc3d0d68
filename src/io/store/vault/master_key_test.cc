#include "io/store/vault/master_key.h"

#include <gtest/gtest.h>

namespace signalbox::vault {
namespace {

constexpr std::string_view kHex =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr std::string_view kBase64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

TEST(MasterKey, IsReadFromHexadecimalDigitsAndFromBase64) {
  const auto hex = MasterKey::Parse(kHex);
  const auto base64 = MasterKey::Parse("\n " + std::string(kBase64) + "\r\n");
  ASSERT_TRUE(hex && base64);
  EXPECT_EQ(hex->key.view(), base64->key.view());
  EXPECT_EQ(hex->key.view()[31], '\x1f');
  EXPECT_EQ(hex->id, base64->id);
  EXPECT_EQ(hex->FileText(), std::string(kBase64) + "\n");
}

TEST(MasterKey, RefusesWhatIsNoKeyWithoutRepeatingIt) {
  for (const std::string& text :
       {std::string(), std::string("   "), std::string("correct horse battery staple"),
        std::string(kHex.substr(1)), std::string(kHex) + "0", std::string(kBase64.substr(4)),
        std::string(kBase64) + "AAAA", std::string(64, 'g'), std::string(64, '0'),
        std::string(43, 'A') + "=", "0x" + std::string(kHex)}) {
    const auto key = MasterKey::Parse(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code, core::ErrorCode::kInvalidRequest);
    if (text.find_first_not_of(' ') != text.npos) {
      EXPECT_EQ(key.error().message.find(text), std::string::npos);
    }
  }
}

TEST(MasterKey, NewOnesDifferAndSurviveTheirText) {
  const MasterKey one = MasterKey::New();
  const MasterKey two = MasterKey::New();
  EXPECT_NE(one.id, two.id);
  EXPECT_EQ(MasterKey::Parse(one.FileText())->key.view(), one.key.view());
}

TEST(MasterKeyId, IsReadBackFromItsText) {
  const MasterKeyId id = MasterKey::Parse(kHex)->id;
  EXPECT_EQ(MasterKeyId::Parse(id.Text()), id);
  EXPECT_EQ(MasterKeyId::Parse("mkey_00f1e2d3c4b5a697")->value, 0xf1e2d3c4b5a697);
  for (const std::string_view text :
       {"", "mkey_", "mkey_0f1e2d3c4b5a697", "mkey_00f1e2d3c4b5a6970", "mkey_00F1E2D3C4B5A697",
        "mkey_-0f1e2d3c4b5a697", "dkey_00f1e2d3c4b5a697", "mkey_00f1e2d3c4b5a69g"}) {
    EXPECT_FALSE(MasterKeyId::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace signalbox::vault
