#include "io/store/redis/subscriber.h"

#include "io/store/redis/command.h"

namespace signalbox::store {

using async::Deadline;
using async::Task;

RedisSubscriber::RedisSubscriber(RedisContext& context)
    : context_(context),
      link_(context, context.options.host, context.options.port, *this),
      gate_(context.loop) {}

void RedisSubscriber::Subscribe(std::string channel, ChannelListener& listener) {
  hub_.Add(channel, listener);
  if (!std::exchange(started_, true)) {
    link_.Start();
    gate_.Spawn(WatchSilence());
  } else if (link_.up()) {
    Ask(channel);  // again, if it is heard already: the answer says from when on it is
  }
}

void RedisSubscriber::Ask(const std::string& channel) {
  std::string bytes;
  Command("SUBSCRIBE").Arg(context_.options.prefix + "c:" + channel).AppendTo(bytes);
  link_.Write(bytes);
}

void RedisSubscriber::OnUp() {
  heard_at_ = context_.loop.now();
  for (const std::string& channel : hub_.channels()) {
    Ask(channel);
  }
}

void RedisSubscriber::OnDown(const core::Error&) {
  hub_.Missed();
}

// ["message", channel, text], ["subscribe", channel, count], ["pong", ""].
void RedisSubscriber::OnReply(Reply reply) {
  heard_at_ = context_.loop.now();
  if (reply.kind != Reply::Kind::kArray || reply.items.size() < 2) {
    if (reply.IsError()) {
      link_.Break("it does not let us subscribe");
    }
    return;
  }
  const std::string& what = reply.items[0].text;
  const std::string prefix = context_.options.prefix + "c:";
  std::string_view channel = reply.items[1].text;
  if (!channel.starts_with(prefix)) {
    return;
  }
  channel.remove_prefix(prefix.size());
  if (what == "message" && reply.items.size() == 3) {
    hub_.Deliver(channel, reply.items[2].text);
  } else if (what == "subscribe") {
    hub_.TellGaps(channel);
  }
}

// A connection may be dead without anybody saying so. Asked after a second of silence, and given up
// when that is not answered in time.
Task<void> RedisSubscriber::WatchSilence() {
  const auto ask_after = context_.options.silence / 2;
  while (!gate_.closed()) {
    (void)co_await context_.loop.SleepUntil(
        {context_.loop.now() + ask_after, &gate_.cancellation()});
    const auto silence = context_.loop.now() - heard_at_;
    if (!link_.up() || silence < ask_after) {
      continue;
    }
    if (silence > context_.options.silence) {
      link_.Break("it does not answer");
      continue;
    }
    std::string bytes;
    Command("PING").AppendTo(bytes);
    link_.Write(bytes);
  }
}

Task<void> RedisSubscriber::Close(Deadline deadline) {
  gate_.Close();
  co_await link_.Close(deadline);
  (void)co_await gate_.Drained(deadline);
}

}  // namespace signalbox::store
