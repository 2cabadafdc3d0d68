#include "app/successor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/inheritance.h"
#include "base/config/temp_folder_testing.h"
#include "base/core/time.h"
#include "io/net/listener.h"

namespace signalbox::app {
namespace {

using namespace std::chrono_literals;

// A program that is a script.
class Script {
 public:
  explicit Script(const std::string& text) {
    folder_.Write("program", "#!/bin/sh\n" + text);
    chmod((folder_ / "program").c_str(), 0700);
  }
  Origin origin() const { return {folder_ / "program", {"program"}}; }
  const config::sample::TempFolder& folder() const { return folder_; }

 private:
  config::sample::TempFolder folder_;
};

bool Readable(int descriptor) {
  pollfd ready{descriptor, POLLIN, 0};
  return poll(&ready, 1, 20'000) == 1;
}

bool Runs(pid_t pid) {
  return kill(pid, 0) == 0;
}

TEST(Successor, ThatEndsSaysHow) {
  const Script script("exit 3\n");
  auto successor = Successor::Start(script.origin(), {}, "none");
  ASSERT_TRUE(successor) << successor.error().message;
  ASSERT_TRUE(Readable(successor->descriptor()));
  const auto heard = successor->Hear();
  ASSERT_FALSE(heard);
  EXPECT_NE(heard.error().message.find("status 3"), std::string::npos) << heard.error().message;
}

TEST(Successor, ThatIsKilledSaysSo) {
  const Script script("kill -9 $$\n");
  auto successor = Successor::Start(script.origin(), {}, "none");
  ASSERT_TRUE(successor) << successor.error().message;
  ASSERT_TRUE(Readable(successor->descriptor()));
  const auto heard = successor->Hear();
  ASSERT_FALSE(heard);
  EXPECT_NE(heard.error().message.find("signal"), std::string::npos) << heard.error().message;
}

TEST(Successor, ThatIsNoProgramIsNamed) {
  const auto successor = Successor::Start({"/no/such/program", {"x"}}, {}, "none");
  ASSERT_FALSE(successor);
  EXPECT_NE(successor.error().message.find("/no/such/program"), std::string::npos);
}

TEST(Successor, EndsWithItsObjectWhileItIsNotReady) {
  const Script script("exec sleep 1000\n");
  pid_t pid = 0;
  {
    auto successor = Successor::Start(script.origin(), {}, "none");
    ASSERT_TRUE(successor) << successor.error().message;
    pid = successor->pid();
    EXPECT_TRUE(Runs(pid));
  }
  EXPECT_FALSE(Runs(pid));
}

TEST(Successor, EndsAlsoWhenItDoesNotListenToSignals) {
  const Script script("trap '' TERM\necho > \"$0.deaf\"\nwhile :; do sleep 0.02; done\n");
  pid_t pid = 0;
  const core::MonoTime began = core::MonoNow();
  {
    auto successor = Successor::Start(script.origin(), {}, "none");
    ASSERT_TRUE(successor) << successor.error().message;
    pid = successor->pid();
    while (access((script.origin().path + ".deaf").c_str(), F_OK) != 0 &&
           core::MonoNow() - began < 20s) {
      poll(nullptr, 0, 1);
    }
  }
  EXPECT_FALSE(Runs(pid));
  EXPECT_LT(core::MonoNow() - began, 20s);
}

// As /proc shows it.
std::string SocketName(int descriptor) {
  struct stat facts{};
  fstat(descriptor, &facts);
  return "socket:[" + std::to_string(facts.st_ino) + "]";
}

TEST(Successor, GetsTheLineAndItsNumberAndNoListenerUnasked) {
  const Script script(
      "for open in /proc/$$/fd/*; do readlink $open; done > \"$0.open\"\n"
      "readlink /proc/$$/fd/$SIGNALBOX_HANDOVER > \"$0.line\"\nexit 0\n");
  const auto listeners = *net::Listen({"127.0.0.1", 0}, 2);
  const int descriptors[] = {listeners[0].fd(), listeners[1].fd()};
  auto successor = Successor::Start(script.origin(), descriptors, HandOverText(2, false));
  ASSERT_TRUE(successor) << successor.error().message;
  ASSERT_TRUE(Readable(successor->descriptor()));
  EXPECT_FALSE(successor->Hear());
  EXPECT_TRUE(script.folder().Read("program.line").starts_with("socket:["));
  const std::string open = script.folder().Read("program.open");
  for (const int descriptor : descriptors) {
    EXPECT_EQ(open.find(SocketName(descriptor)), std::string::npos) << open;
  }
}

TEST(Inherit, TakesTheListenersAndTheLine) {
  auto ends = *net::Channel::Pair();
  const auto listeners = *net::Listen({"127.0.0.1", 0}, 1);
  const auto metrics = *net::Listen({"127.0.0.1", 0}, 1);
  const int descriptors[] = {listeners[0].fd(), metrics[0].fd()};
  ASSERT_TRUE(ends.first.Send(HandOverText(1, true), descriptors));
  const int line = dup(ends.second.descriptor());
  const config::Environment environment({{kHandOverVariable, std::to_string(line)}});
  auto inherited = Inherit(environment);
  ASSERT_TRUE(inherited) << inherited.error().message;
  ASSERT_EQ(inherited->listeners.size(), 1U);
  EXPECT_EQ(net::LocalPort(inherited->listeners[0]), net::LocalPort(listeners[0]));
  ASSERT_EQ(inherited->metrics.size(), 1U);
  EXPECT_EQ(net::LocalPort(inherited->metrics[0]), net::LocalPort(metrics[0]));
  EXPECT_TRUE(inherited->given);
  ASSERT_TRUE(inherited->predecessor);
  EXPECT_NE(fcntl(line, F_GETFD) & FD_CLOEXEC, 0) << "its own children would have it too";
  ASSERT_TRUE(inherited->predecessor->Send("ready"));
  EXPECT_EQ(ends.first.Receive(20s)->text, "ready");
}

TEST(Inherit, TakesAllForRequestsWhenNothingElseIsSaid) {
  for (const char* text : {"listeners", "listeners many", "sockets"}) {
    auto ends = *net::Channel::Pair();
    const auto listeners = *net::Listen({"127.0.0.1", 0}, 2);
    const int descriptors[] = {listeners[0].fd(), listeners[1].fd()};
    ASSERT_TRUE(ends.first.Send(text, descriptors));
    const int line = dup(ends.second.descriptor());
    const auto inherited =
        Inherit(config::Environment({{kHandOverVariable, std::to_string(line)}}));
    ASSERT_TRUE(inherited) << inherited.error().message;
    EXPECT_EQ(inherited->listeners.size(), 2U) << text;
    EXPECT_FALSE(inherited->given) << text;
  }
}

TEST(Inherit, FailsWhenTheProcessBeforeIsGone) {
  auto ends = *net::Channel::Pair();
  const int line = dup(ends.second.descriptor());
  {
    const net::Channel gone = std::move(ends.first);
  }
  EXPECT_FALSE(Inherit(config::Environment({{kHandOverVariable, std::to_string(line)}})));
}

TEST(Inherit, IsNothingForAProcessThatStartsByItself) {
  const auto inherited = Inherit(config::Environment());
  ASSERT_TRUE(inherited);
  EXPECT_TRUE(inherited->listeners.empty());
  EXPECT_FALSE(inherited->predecessor);
}

}  // namespace
}  // namespace signalbox::app
