#include "io/net/channel.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "io/net/listener.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;

TEST(Channel, CarriesWordsAndDescriptors) {
  auto ends = *Channel::Pair();
  auto listeners = *Listen({"127.0.0.1", 0}, 2);
  const std::uint16_t port = LocalPort(listeners[0]);
  const int descriptors[] = {listeners[0].fd(), listeners[1].fd()};
  ASSERT_TRUE(ends.first.Send("two of them", descriptors));
  ASSERT_TRUE(ends.first.Send("none"));
  auto message = ends.second.Receive(10s);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->text, "two of them");
  ASSERT_EQ(message->descriptors.size(), 2U);
  listeners.clear();  // what was sent is another's now
  EXPECT_EQ(LocalPort(message->descriptors[0]), port);
  EXPECT_EQ(LocalPort(message->descriptors[1]), port);
  message = ends.second.Receive(10s);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->text, "none");
  EXPECT_TRUE(message->descriptors.empty());
}

TEST(Channel, SaysThatTheOtherIsSilentOrGone) {
  auto ends = *Channel::Pair();
  auto silent = ends.second.Receive(1ms);
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, core::ErrorCode::kDeadlineExceeded);
  {
    const Channel gone = std::move(ends.first);
  }
  auto gone = ends.second.Receive(10s);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, core::ErrorCode::kCancelled);
  EXPECT_FALSE(ends.second.Send("to nobody"));
}

}  // namespace
}  // namespace signalbox::net
