// Passes a stream of events on, whole event by whole event, and reads what they say on the way.
//
// Owner:   one per streamed answer. Threads: the worker's.
// Errors:  none; Take says what it saw.
// Cancel:  nothing to undo.
//
// Bytes go on as they came; only an event that carries nothing but usage is left out for a client
// that did not ask for it. What is held is the unfinished event at the end, up to kHeldBytes; a
// longer one is passed on as it comes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/catalog/bill.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::gateway {

class StreamRelay {
 public:
  explicit StreamRelay(bool pass_usage) : pass_usage_(pass_usage) {}

  // Reads `bytes` and appends what is to be sent on to `out`, as views of `bytes` and of this
  // object, valid until the next call.
  void Take(std::string_view bytes, std::vector<std::string_view>& out);

  // The stream has ended: an event whose empty line is missing counts all the same. Appends what is
  // to be sent on, as Take does; what follows stands at the start of an event.
  void Finish(std::vector<std::string_view>& out);

  bool done() const { return done_; }             // the stream's own end was seen
  bool failed() const { return failed_; }         // an error event was seen
  bool spoke() const { return spoke_; }           // an event that is neither an error nor the end
  bool at_boundary() const { return !passing_; }  // what was passed on ends with a whole event
  // As the upstream states it; before it does, the output is one token for each event, which
  // is how the vendors cut their streams (one or two events too many: those that open and finish).
  const catalog::Bill& bill() const { return bill_; }
  bool stated() const { return stated_; }  // the upstream has said what was used

 private:
  static constexpr std::size_t kHeldBytes = 64 * 1024;

  bool Look(std::string_view event);

  bool pass_usage_;
  bool done_ = false;
  bool failed_ = false;
  bool spoke_ = false;
  bool passing_ = false;     // inside an event that is too long to hold
  std::string held_;         // the start of an event whose end has not come
  std::string current_;      // what was held, together with the bytes that ended it
  std::size_t scanned_ = 0;  // of held_
  std::string data_;
  catalog::Bill bill_;
  bool stated_ = false;  // bill_ is the upstream's own
  openai_chat::StreamObserver observer_;
};

}  // namespace signalbox::gateway
