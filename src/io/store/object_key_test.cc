#include "io/store/object_key.h"

#include <gtest/gtest.h>

namespace signalbox::store {
namespace {

TEST(ObjectKey, TakesFoldersAndAName) {
  for (const std::string_view text : {"a.json", "episodes/2026-11-21T09:30:00.123Z_ep_01.json",
                                      "a/b/c/d/e.f.g", "A_b=c+d@e,f:g~h/x.y", "-/-.-", "a/b..c"}) {
    const auto key = ObjectKey::Parse(text);
    ASSERT_TRUE(key) << text << ": " << key.error().message;
    EXPECT_EQ(key->text(), text);
  }
}

TEST(ObjectKey, TakesStepsAndKeysUpToTheirLongest) {
  const std::string longest_name = std::string(198, 'n') + ".j";
  EXPECT_TRUE(ObjectKey::Parse(longest_name));
  EXPECT_FALSE(ObjectKey::Parse("n" + longest_name));
  const std::string longest_folder(200, 'f');
  EXPECT_TRUE(ObjectKey::Parse(longest_folder + "/a.j"));
  EXPECT_FALSE(ObjectKey::Parse(longest_folder + "f/a.j"));
  std::string key;
  while (key.size() < 890) {
    key += "123456789/";
  }
  EXPECT_TRUE(ObjectKey::Parse(key + "12345678.j"));
  EXPECT_FALSE(ObjectKey::Parse(key + "123456789.j"));
}

// What could lead out of a directory, hide in it, end a path early, or look like something else.
TEST(ObjectKey, RefusesWhateverCouldTraverse) {
  using namespace std::string_view_literals;
  const std::string_view table[] = {""sv,
                                    "."sv,
                                    ".."sv,
                                    "/"sv,
                                    "//"sv,
                                    "../a.txt"sv,
                                    "a/../b.txt"sv,
                                    "a/../../b.txt"sv,
                                    "a/.."sv,
                                    "a/."sv,
                                    "./a.txt"sv,
                                    "a/./b.txt"sv,
                                    "..a.txt"sv,
                                    "...txt"sv,
                                    "a/..b.txt"sv,
                                    "/a.txt"sv,
                                    "//a.txt"sv,
                                    "/etc/passwd"sv,
                                    "/proc/self/environ"sv,
                                    "~"sv,
                                    "a//b.txt"sv,
                                    "a/"sv,
                                    "a.txt/"sv,
                                    "a/b/"sv,
                                    "a.txt/b.txt"sv,
                                    "a.b/c.txt"sv,
                                    ".a.txt"sv,
                                    "a/.b.txt"sv,
                                    "a."sv,
                                    "a/b."sv,
                                    "a"sv,
                                    "a/b"sv,
                                    ".drafts/a.txt"sv,
                                    "a\\b.txt"sv,
                                    "..\\a.txt"sv,
                                    "C:\\a.txt"sv,
                                    "a.txt\0"sv,
                                    "\0a.txt"sv,
                                    "a\0/b.txt"sv,
                                    "a.txt\0.json"sv,
                                    "a\n.txt"sv,
                                    "a\r.txt"sv,
                                    "a\t.txt"sv,
                                    "a b.txt"sv,
                                    " a.txt"sv,
                                    "a.txt "sv,
                                    "a\x7f.txt"sv,
                                    "a\x1b.txt"sv,
                                    "%2e%2e/a.txt"sv,
                                    "..%2fa.txt"sv,
                                    "a%00.txt"sv,
                                    "%2e%2e%2fa.txt"sv,
                                    "..%c0%afa.txt"sv,
                                    "\xe2\x80\xa5/a.txt"sv,              // two dot leader
                                    "\xe2\x80\xa4\xe2\x80\xa4/a.txt"sv,  // one dot leader, twice
                                    "\xef\xbc\x8e\xef\xbc\x8e/a.txt"sv,  // full-width full stops
                                    "..\xef\xbc\x8f"
                                    "a.txt"sv,  // full-width solidus
                                    "..\xe2\x88\x95"
                                    "a.txt"sv,                   // division slash
                                    "a\xe2\x80\xae.txt"sv,       // right-to-left override
                                    "a\xe2\x80\x8b.txt"sv,       // zero width space
                                    "\xc0\xae\xc0\xae/a.txt"sv,  // overlong dots
                                    "..\xc0\xaf"
                                    "a.txt"sv,  // overlong slash
                                    "a\xff.txt"sv,
                                    "a?.txt"sv,
                                    "a*.txt"sv,
                                    "a|b.txt"sv,
                                    "a;b.txt"sv,
                                    "$HOME/a.txt"sv,
                                    "`id`.txt"sv,
                                    "a'b.txt"sv,
                                    "a\"b.txt"sv,
                                    "<a>.txt"sv,
                                    "a#b.txt"sv,
                                    "a&b.txt"sv};
  for (const std::string_view text : table) {
    const auto key = ObjectKey::Parse(text);
    ASSERT_FALSE(key) << testing::PrintToString(text);
    EXPECT_EQ(key.error().code, core::ErrorCode::kInvalidRequest);
    EXPECT_TRUE(text.size() < 5 || key.error().message.find(text) == std::string::npos);
  }
}

TEST(ObjectKey, APrefixIsTheBeginningOfAKey) {
  for (const std::string_view prefix : {"", "a", "a/", "a/b", "a/b.", "a.txt", "a/b-"}) {
    EXPECT_TRUE(CheckPrefix(prefix)) << prefix;
  }
  for (const std::string_view prefix :
       {"/", "../", "..", ".", "a//", "a.b/", "a/.", "a/../", "a b"}) {
    EXPECT_FALSE(CheckPrefix(prefix)) << prefix;
  }
}

}  // namespace
}  // namespace signalbox::store
