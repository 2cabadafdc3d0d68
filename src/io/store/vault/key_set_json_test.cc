#include "io/store/vault/key_set_json.h"

#include <gtest/gtest.h>

namespace signalbox::vault {
namespace {

KeySet Sample() {
  KeySet set{.revision = 12, .master = {0x00f1e2d3c4b5a697}, .keys = {}};
  for (const std::uint8_t n : {1, 2}) {
    WrappedKey key{.id = {}, .purpose = "purpose_" + std::to_string(n), .box = {}};
    key.id.uuid.bytes[15] = n;
    key.box = std::string(kBoxBytes, static_cast<char>(n));
    set.keys.push_back(key);
  }
  return set;
}

TEST(KeySetJson, IsReadBack) {
  EXPECT_EQ(*ParseKeySet(KeySetJson(Sample())), Sample());
  const KeySet none{.revision = 1, .master = {7}, .keys = {}};
  EXPECT_EQ(*ParseKeySet(KeySetJson(none)), none);
}

TEST(KeySetJson, HasOneKeyALine) {
  const std::string text = KeySetJson(Sample());
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
  EXPECT_TRUE(
      text.starts_with(R"({"version":1,"revision":12,"master":"mkey_00f1e2d3c4b5a697","keys":[)"));
}

TEST(KeySetJson, RefusesWhatIsNoneWithoutRepeatingIt) {
  const std::string good = KeySetJson(Sample());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), good.substr(0, good.size() / 2),
        with("\"version\":1", "\"version\":2"), with("\"revision\":12", "\"revision\":0"),
        with("\"revision\":12", "\"revision\":-3"), with("\"revision\":12", "\"revision\":1e3"),
        with("mkey_00f1e2d3c4b5a697", "mkey_00f1"), with("dkey_", "key_"),
        with("purpose_2", "purpose-2"), with("AQEB", "AQ"), with("AQEB", "****"),
        with("00000001", "00000002"), with("\"keys\":[", "\"other\":["),
        with("\"purpose\":\"purpose_1\",", "")}) {
    const auto set = ParseKeySet(text);
    ASSERT_FALSE(set) << text;
    EXPECT_EQ(set.error().code, core::ErrorCode::kInternal);
    EXPECT_EQ(set.error().message.find("AQEB"), std::string::npos);
  }
}

}  // namespace
}  // namespace signalbox::vault
