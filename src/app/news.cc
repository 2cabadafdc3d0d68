#include "app/news.h"

namespace signalbox::app {
namespace {

constexpr std::string_view kChannel = "changes";
constexpr std::chrono::seconds kPatience{1};

std::string_view NameOf(Topic topic) {
  return topic == Topic::kKeys ? "keys" : "limits";
}

}  // namespace

News::News(async::Loop& loop, store::Shared& shared, std::string life,
           std::function<void()> read_keys, std::function<void()> read_limits)
    : loop_(loop),
      shared_(shared),
      life_(std::move(life)),
      read_keys_(std::move(read_keys)),
      read_limits_(std::move(read_limits)),
      gate_(loop) {}

void News::Start() {
  shared_.Subscribe(std::string(kChannel), *this);
}

void News::Tell(Topic topic) {
  loop_.Post([this, topic] { gate_.Spawn(Send(topic)); });
}

async::Task<void> News::Send(Topic topic) {
  std::string text = life_;
  text += ' ';
  text += NameOf(topic);
  (void)co_await shared_.Publish(std::string(kChannel), std::move(text),
                                 {loop_.now() + kPatience, &gate_.cancellation()});
}

// "LIFE TOPIC"; of a topic that is not known here everything is read again.
void News::OnMessage(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (text.substr(0, space) == life_) {
    return;
  }
  const std::string_view topic = space == std::string_view::npos ? "" : text.substr(space + 1);
  if (topic != NameOf(Topic::kLimits)) {
    read_keys_();
  }
  if (topic != NameOf(Topic::kKeys)) {
    read_limits_();
  }
}

void News::OnGap() {
  read_keys_();
  read_limits_();
}

async::Task<void> News::Close(async::Deadline deadline) {
  shared_.Unsubscribe(*this);
  gate_.Close();
  (void)co_await gate_.Drained(deadline);
}

}  // namespace signalbox::app
