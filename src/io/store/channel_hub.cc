#include "io/store/channel_hub.h"

#include <algorithm>

namespace signalbox::store {

void ChannelHub::Add(std::string channel, ChannelListener& listener) {
  entries_.push_back({std::move(channel), &listener});
}

void ChannelHub::Remove(ChannelListener& listener) {
  for (Entry& entry : entries_) {
    entry.listener = entry.listener == &listener ? nullptr : entry.listener;
  }
  if (walking_ == 0) {
    std::erase_if(entries_, [](const Entry& entry) { return entry.listener == nullptr; });
  }
}

// By index: a listener may add to the entries while it is called.
template <typename Visit>
void ChannelHub::Walk(std::string_view channel, Visit visit) {
  ++walking_;
  const std::size_t count = entries_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (entries_[i].listener != nullptr && entries_[i].channel == channel) {
      visit(entries_[i]);
    }
  }
  if (--walking_ == 0) {
    std::erase_if(entries_, [](const Entry& entry) { return entry.listener == nullptr; });
  }
}

void ChannelHub::Deliver(std::string_view channel, std::string_view text) {
  Walk(channel, [text](const Entry& entry) { entry.listener->OnMessage(text); });
}

void ChannelHub::TellGaps(std::string_view channel) {
  Walk(channel, [](Entry& entry) {
    if (std::exchange(entry.gap, false)) {
      entry.listener->OnGap();
    }
  });
}

void ChannelHub::Missed() {
  for (Entry& entry : entries_) {
    entry.gap = true;
  }
}

std::vector<std::string> ChannelHub::channels() const {
  std::vector<std::string> all;
  for (const Entry& entry : entries_) {
    if (entry.listener != nullptr) {
      all.push_back(entry.channel);
    }
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

}  // namespace signalbox::store
