// Who hears which channel, in this process: the part of Publish and Subscribe that every Shared
// has.
//
// Owner:   a Shared. Threads: the loop's. Errors: none.
// Cancel:  a listener may subscribe or unsubscribe (itself or another) while it is called.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/store/shared.h"

namespace signalbox::store {

class ChannelHub {
 public:
  void Add(std::string channel, ChannelListener& listener);
  void Remove(ChannelListener& listener);

  void Deliver(std::string_view channel, std::string_view text);
  // Tells those that have not been told since they came or since Missed.
  void TellGaps(std::string_view channel);
  // Messages of all channels may be missed from now on.
  void Missed();

  std::vector<std::string> channels() const;  // each once, in order

 private:
  struct Entry {
    std::string channel;
    ChannelListener* listener = nullptr;  // null: removed, goes when nobody walks over it
    bool gap = true;
  };
  template <typename Visit>
  void Walk(std::string_view channel, Visit visit);

  std::vector<Entry> entries_;
  int walking_ = 0;
};

}  // namespace signalbox::store
