// Passes on an answer that is no JSON: sound, a transcript as text or subtitles, or the events of
// OpenAI's speech, transcripts and pictures, as the bytes come.
//
// Owner, threads, errors, cancel: as Relay's.
//
// Nothing of it is held; of events only those that say what was used, or an error, are looked into.
#pragma once

#include "io/net/sse.h"
#include "pipeline/gateway/relay.h"

namespace signalbox::gateway {

// What is told in the form of the vendor who has it, and in no other.
bool IsMedia(chat::Operation operation);

class MediaRelay final : public Relay {
 public:
  // `events`: the answer is a stream of server-sent events.
  MediaRelay(const wire::Dialect& dialect, chat::Operation operation, bool events)
      : dialect_(dialect), operation_(operation), events_(events) {}

  void Take(std::string_view bytes, std::vector<std::string_view>& out) override;
  void Finish(std::vector<std::string_view>& out) override;
  void Break(const wire::ErrorAnswer& error, std::string& out) override;
  std::string_view Comment() const override { return events_ ? ":\n\n" : ""; }
  bool at_boundary() const override { return events_ && at_boundary_; }
  bool tells_errors() const override { return events_; }

 private:
  void Look(std::string_view data);

  const wire::Dialect& dialect_;
  chat::Operation operation_;
  bool events_;
  bool at_boundary_ = true;
  bool complete_ = false;  // an event said that there is no more to come
  std::string end_;        // the last bytes, to know whether an event ends with them
  net::SseReader reader_;
  json::Document document_;
};

}  // namespace signalbox::gateway
