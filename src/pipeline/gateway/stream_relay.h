// Passes a stream on to a caller who speaks the upstream's dialect, whole event by whole event, and
// reads what they say on the way.
//
// Owner, threads, errors, cancel: as Relay's.
//
// Bytes go on as they came; only an event of OpenAI Chat that carries nothing but usage is left out
// for a client that did not ask for it. What is held is the unfinished event at the end, up to
// kHeldBytes; a longer one is passed on as it comes.
#pragma once

#include <memory>

#include "pipeline/gateway/relay.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::gateway {

class StreamRelay final : public Relay {
 public:
  StreamRelay(const wire::Dialect& dialect, bool pass_usage);

  void Take(std::string_view bytes, std::vector<std::string_view>& out) override;
  // An event whose empty line is missing counts all the same.
  void Finish(std::vector<std::string_view>& out) override;
  void Break(const wire::ErrorAnswer& error, std::string& out) override;
  std::string_view Comment() const override;
  bool at_boundary() const override { return !passing_; }

 private:
  static constexpr std::size_t kHeldBytes = 64 * 1024;

  std::size_t EventEnd(std::string_view bytes, std::size_t scanned) const;
  bool Look(std::string_view event);
  bool LookAtChat(std::string_view event);

  const wire::Dialect& dialect_;
  std::unique_ptr<wire::StreamParser> parser_;  // null: OpenAI Chat, which has a faster way
  bool pass_usage_;
  bool passing_ = false;     // inside an event that is too long to hold
  std::string held_;         // the start of an event whose end has not come
  std::string current_;      // what was held, together with the bytes that ended it
  std::size_t scanned_ = 0;  // of held_
  std::string data_;
  chat::EventBatch events_;
  openai_chat::StreamObserver observer_;
};

}  // namespace signalbox::gateway
