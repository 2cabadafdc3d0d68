// Tells the other gateways of an installation that keys, limits or budgets changed, and hears it
// from them. A word says only what to read again: what is missed is found by who looks now and
// then anyway.
//
// Owner:   Replicas. Threads: its loop's, but Tell.
// Errors:  a word that cannot be sent is dropped. Cancel: Close.
#pragma once

#include <functional>
#include <string>

#include "base/async/gate.h"
#include "io/store/shared.h"

namespace signalbox::app {

enum class Topic : std::uint8_t { kKeys, kLimits };

class News final : private store::ChannelListener {
 public:
  // `life` names this process, whose own words are not heard. The readers are called on the loop
  // and do not block.
  News(async::Loop& loop, store::Shared& shared, std::string life, std::function<void()> read_keys,
       std::function<void()> read_limits);

  void Start();
  void Tell(Topic topic);  // any thread
  async::Task<void> Close(async::Deadline deadline);

 private:
  void OnMessage(std::string_view text) override;
  void OnGap() override;
  async::Task<void> Send(Topic topic);

  async::Loop& loop_;
  store::Shared& shared_;
  const std::string life_;
  const std::function<void()> read_keys_;
  const std::function<void()> read_limits_;
  async::Gate gate_;
};

}  // namespace signalbox::app
