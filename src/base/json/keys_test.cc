#include "base/json/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "base/json/document.h"

namespace signalbox::json {
namespace {

std::string ObjectOf(const std::vector<std::string>& keys) {
  std::string out = "{";
  for (const std::string& key : keys) {
    out += (out.size() > 1 ? ",\"" : "\"") + key + "\":[{}]";
  }
  return out + "}";
}

core::Status Parse(const std::string& text) {
  Document document;
  return document.Parse(text);
}

// Keys alike in length, first, middle and last character.
std::vector<std::string> AlikeKeys(std::size_t count) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < count; ++i) {
    std::string digits = std::to_string(i);
    digits.insert(0, 8 - digits.size(), '0');
    keys.push_back("k" + digits + "m" + digits + "e");
  }
  return keys;
}

TEST(DuplicateKeys, AreRefusedWhereverTheyStandInObjectsOfEverySize) {
  for (std::size_t size = 2; size <= 70; ++size) {
    const auto keys = AlikeKeys(size);
    ASSERT_TRUE(Parse(ObjectOf(keys))) << size;
    for (std::size_t first = 0; first < size; first += 1 + size / 7) {
      for (std::size_t second = first + 1; second < size; second += 1 + size / 5) {
        auto twice = keys;
        twice[second] = twice[first];
        const std::string text = ObjectOf(twice);
        const auto status = Parse(text);
        ASSERT_FALSE(status) << size << " " << first << " " << second;
        EXPECT_EQ(status.error().param, keys[first]);
        EXPECT_EQ(status.error().message,
                  "invalid JSON at line 1, column " +
                      std::to_string(text.rfind("\"" + keys[first] + "\"") + 1) + ": the key \"" +
                      keys[first] + "\" stands twice");
      }
    }
  }
}

TEST(DuplicateKeys, AreComparedAsTheTextTheyMean) {
  for (const char* other : {R"(m\u006fdel)", R"(\u006D\u006f\u0064\u0065\u006c)", "model"}) {
    for (const std::size_t others : {0U, 5U, 40U}) {
      auto keys = AlikeKeys(others);
      keys.insert(keys.begin(), "model");
      ASSERT_TRUE(Parse(ObjectOf(keys)));
      keys.emplace_back(other);
      const auto status = Parse(ObjectOf(keys));
      ASSERT_FALSE(status) << other;
      EXPECT_EQ(status.error().param, "model");
    }
  }
  EXPECT_FALSE(Parse(R"({"\u00e9":1,"é":2})"));
  EXPECT_FALSE(Parse(R"({"\/":1,"/":2})"));
  EXPECT_FALSE(Parse(R"({"😀":1,"\ud83d\ude00":2})"));
  EXPECT_FALSE(Parse(R"({"":1,"":2})"));
  EXPECT_TRUE(Parse(R"({"\\u0061":1,"a":2})"));
  EXPECT_TRUE(Parse(R"({"a\u0000":1,"a":2})"));
}

TEST(DuplicateKeys, CountPerObjectOnly) {
  EXPECT_TRUE(Parse(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"c":"a"})"));
  EXPECT_FALSE(Parse(R"({"x":[{"a":{"b":1,"b":2}}]})"));
  EXPECT_FALSE(Parse(R"({"a":{"b":1},"c":2,"a":3})"));
}

TEST(DuplicateKeys, AreNamedShortAndPrintable) {
  const auto message = [](const std::string& key) {
    return Parse(ObjectOf({key, key})).error().param;
  };
  EXPECT_EQ(message(std::string(100, 'k')), std::string(40, 'k') + "...");
  EXPECT_EQ(message(R"(a\n\u001b[31m\"\\)"), "a??[31m??");
  EXPECT_EQ(message("\xc3\xa9\x7f~"), "???~");
}

TEST(DuplicateKeys, AreFoundAmongAMillionKeysMadeAlike) {
  auto keys = AlikeKeys(1'000'000);
  EXPECT_TRUE(Parse(ObjectOf(keys)));
  keys.back() = keys.front();
  EXPECT_FALSE(Parse(ObjectOf(keys)));
}

TEST(DuplicateKeys, AreFoundAmongManyEscapedKeys) {
  std::vector<std::string> keys;
  for (int i = 0; i < 100'000; ++i) {
    keys.push_back("\\u0061" + std::to_string(i));
  }
  EXPECT_TRUE(Parse(ObjectOf(keys)));
  keys.emplace_back("a77777");
  EXPECT_FALSE(Parse(ObjectOf(keys)));
}

// Keys of 16 printable bytes with one hash: the second half undoes what the first half did.
std::vector<std::string> CollidingKeys(std::size_t count) {
  std::vector<std::string> keys;
  const std::uint64_t target = HashStep(16, 0x6161616161616161U) ^ 0x6262626262626262U;
  for (std::uint64_t i = 0; keys.size() < count; ++i) {
    std::string key(16, 'a');
    for (unsigned place = 0; place < 8; ++place) {
      key[place] = static_cast<char>('a' + (i >> 4U * place) % 16);
    }
    std::uint64_t first = 0;
    std::memcpy(&first, key.data(), 8);
    const std::uint64_t second = HashStep(16, first) ^ target;
    std::memcpy(key.data() + 8, &second, 8);
    if (std::all_of(key.begin(), key.end(),
                    [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; })) {
      keys.push_back(key);
    }
  }
  return keys;
}

TEST(DuplicateKeys, AreToldFromKeysMadeToCollide) {
  auto keys = CollidingKeys(500);
  EXPECT_TRUE(Parse(ObjectOf(keys)));
  keys.push_back(keys[250]);
  const auto status = Parse(ObjectOf(keys));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().param, keys[250]);
}

}  // namespace
}  // namespace signalbox::json
