#include "surface/cli/doctor_key.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

constexpr std::string_view kGood = "sk-proj-Zq81LmcRt07vBXwe93KdPyH2";

std::string Found(std::string_view key, std::string_view vendor = "") {
  const auto odd = WhatIsOddAbout(key, vendor);
  return odd ? odd->found : "";
}

TEST(DoctorKey, AKeyAsVendorsGiveThemOutIsNotOdd) {
  EXPECT_EQ(Found(kGood, "openai"), "");
  EXPECT_EQ(Found("gsk_9dKw02mZrPq7VtLxEo31", "groq"), "");
  EXPECT_EQ(Found("0b7a41c29ffe4d5ab13c88d9aa17e2f4", "azure"), "");
  EXPECT_EQ(Found("hc_live:Zq81LmcR=="), "");
}

TEST(DoctorKey, NamesWhatWasPastedAlong) {
  EXPECT_NE(Found(std::string(kGood) + "\n").find("line end"), std::string::npos);
  EXPECT_NE(Found(std::string(kGood) + "\r").find("line end"), std::string::npos);
  EXPECT_NE(Found(" " + std::string(kGood)).find("space"), std::string::npos);
  EXPECT_NE(Found("\"" + std::string(kGood) + "\"").find("quotation"), std::string::npos);
  EXPECT_NE(Found("Bearer " + std::string(kGood)).find("Bearer"), std::string::npos);
  EXPECT_NE(Found("OPENAI_API_KEY=" + std::string(kGood)).find("NAME=KEY"), std::string::npos);
  EXPECT_NE(Found("sk-proj-Zq81 LmcRt07vBXwe93").find("space"), std::string::npos);
  EXPECT_NE(Found("sk-proj-Zq81\xE2\x80\x8BLmcRt07").find("ASCII"), std::string::npos);
}

TEST(DoctorKey, KnowsThePlaceholdersOfExamples) {
  for (const std::string_view key :
       {"sk-xxx", "sk-XXXXXXXXXXXX", "your-key-here", "YOUR_API_KEY", "<your key>", "sk-...",
        "changeme", "${OPENAI_API_KEY}", "REPLACE-ME-PLEASE", "sk-placeholder-123", "xxx",
        "****************", "insert-your-key"}) {
    const auto odd = WhatIsOddAbout(key, "openai");
    ASSERT_TRUE(odd.has_value()) << key;
    EXPECT_TRUE(odd->certain) << key;
    EXPECT_FALSE(odd->next.empty()) << key;
  }
}

TEST(DoctorKey, SaysWhenItLooksLikeAnothersKey) {
  const auto odd = WhatIsOddAbout("sk-or-v1-91caf3d8e7", "openai");
  ASSERT_TRUE(odd.has_value());
  EXPECT_FALSE(odd->certain);
  EXPECT_NE(odd->found.find("openrouter"), std::string::npos);
  EXPECT_EQ(Found("sk-or-v1-91caf3d8e7", "openrouter"), "");
  EXPECT_EQ(Found("sk-or-v1-91caf3d8e7", ""), "") << "an own server may have any key";
}

TEST(DoctorKey, NeverRepeatsTheKey) {
  for (const std::string_view key : {"\"Zq81Lmc\"", " Zq81LmcRt07vBX", "OPENAI_API_KEY=Zq81LmcR",
                                     "Bearer Zq81LmcRt", "Zq81Lmc", "gsk_Zq81LmcRt07"}) {
    const auto odd = WhatIsOddAbout(key, "openai");
    ASSERT_TRUE(odd.has_value()) << key;
    EXPECT_EQ((odd->found + odd->next).find("Zq81Lmc"), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace signalbox::cli
