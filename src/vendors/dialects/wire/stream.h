// What the stream machines of most dialects have in common: how frames are cut out of bytes.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  as StreamParser's.
// Cancel:  nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "io/net/sse.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::wire {

// A parser of server-sent events: a dialect says what one of them means.
class SseParser : public StreamParser {
 public:
  void Feed(std::string_view bytes) final { reader_.Feed(bytes); }
  core::Result<bool> Next(chat::EventBatch& out) final;
  core::Status End(chat::EventBatch& out) final;

 protected:
  // `type` is the event field, `data` the data lines joined.
  virtual core::Status Parse(std::string_view type, std::string_view data,
                             chat::EventBatch& out) = 0;
  // After the last event: what is still to be said. Nothing, for dialects with an end marker.
  virtual core::Status Close(chat::EventBatch&) { return {}; }

 private:
  net::SseReader reader_;
};

// A parser of a JSON text a line. Empty lines say nothing.
class LineParser : public StreamParser {
 public:
  void Feed(std::string_view bytes) final { input_ = bytes; }
  core::Result<bool> Next(chat::EventBatch& out) final;
  core::Status End(chat::EventBatch& out) final;

 protected:
  virtual core::Status ParseLine(std::string_view line, chat::EventBatch& out) = 0;
  virtual core::Status Close(chat::EventBatch&) { return {}; }

 private:
  static constexpr std::size_t kLongestLine = 16 * 1024 * 1024;

  std::string_view input_;
  std::string held_;  // the start of a line whose end has not come
};

}  // namespace signalbox::wire
