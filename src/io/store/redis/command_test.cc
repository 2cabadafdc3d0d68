#include "io/store/redis/command.h"

#include <gtest/gtest.h>

#include "io/store/redis/scripts.h"

namespace signalbox::store {
namespace {

using namespace std::string_view_literals;

TEST(RedisCommand, IsSentAsAnArrayOfItsWords) {
  Command command("SET");
  command.Key("k").Arg(std::string_view("a\r\n\0b", 5)).Arg("PX").Arg(std::int64_t{-12});
  std::string out;
  command.AppendTo(out);
  EXPECT_EQ(out, "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\n\0b\r\n$2\r\nPX\r\n$3\r\n-12\r\n"sv);
}

TEST(RedisCommand, AScriptIsCalledWithOneKey) {
  Command command(ScriptName::kTell, "k");
  command.Arg(std::int64_t{7});
  std::string out;
  command.AppendTo(out, "EVALSHA", "abc");
  EXPECT_EQ(out, "*5\r\n$7\r\nEVALSHA\r\n$3\r\nabc\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\n7\r\n");
}

TEST(RedisCommand, KnowsItsKeysSlot) {
  EXPECT_EQ(KeySlot("123456789"), 0x31C3);  // the check value of CRC-16/XMODEM
  EXPECT_EQ(KeySlot(""), 0);
  EXPECT_EQ(KeySlot("x:{user1000}.following"), KeySlot("{user1000}.followers"));
  EXPECT_EQ(KeySlot("{user1000}"), KeySlot("user1000"));
  EXPECT_EQ(KeySlot("foo{{bar}}zap"), KeySlot("{bar"));
  EXPECT_NE(KeySlot("foo{}{bar}"), KeySlot("bar"));
  EXPECT_NE(KeySlot("{a"), KeySlot("a"));
  EXPECT_EQ(Command("PING").slot(), -1);
  EXPECT_EQ(Command("GET").Key("k").slot(), KeySlot("k"));
}

TEST(RedisScripts, EachHasAText) {
  for (const ScriptName script : kScripts) {
    EXPECT_FALSE(ScriptText(script).empty());
  }
  EXPECT_NE(ScriptText(ScriptName::kAcquire), ScriptText(ScriptName::kRelease));
}

}  // namespace
}  // namespace signalbox::store
