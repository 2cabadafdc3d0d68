// An upstream's stream on its way to the caller, and what it says on the way.
//
// Owner:   one per streamed answer. Threads: the worker's.
// Errors:  none; Take says what it saw.
// Cancel:  nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/catalog/bill.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gateway {

class Relay {
 public:
  virtual ~Relay() = default;

  // Reads `bytes` and appends what is to be sent on to `out`, as views of `bytes` and of this
  // object, valid until the next call.
  virtual void Take(std::string_view bytes, std::vector<std::string_view>& out) = 0;
  // The upstream has ended its stream. Appends what is to be sent on, as Take does; what follows
  // stands at the start of an event.
  virtual void Finish(std::vector<std::string_view>& out) = 0;
  // Appends an error of ours as the end of the stream, after an event that broke off too.
  virtual void Break(const wire::ErrorAnswer& error, std::string& out) = 0;
  // What keeps a quiet stream alive and says nothing; empty: there is no such thing.
  virtual std::string_view Comment() const = 0;

  // What was passed on ends with a whole event, where something of ours may stand.
  virtual bool at_boundary() const = 0;
  // Whether Break can tell the caller; else only the connection's end can.
  virtual bool tells_errors() const { return true; }

  bool done() const { return done_; }      // the stream's own end was seen
  bool failed() const { return failed_; }  // an error event was seen
  bool spoke() const { return spoke_; }    // an event that is neither an error nor the end
  // As the upstream states it; before it does, the output is one token for each event, which is how
  // the vendors cut their streams (one or two events too many: those that open and finish).
  const catalog::Bill& bill() const { return bill_; }
  bool stated() const { return stated_; }  // the upstream has said what was used
  // The error that was seen, in the vendor's words.
  const chat::VendorError& error() const { return error_; }

 protected:
  // Takes down what the events of one frame say.
  void Note(const wire::Dialect& dialect, const chat::EventBatch& events);
  void CountEvent() {
    if (!stated_) {
      bill_.usage.output = std::max<std::int64_t>(bill_.usage.output, 0) + 1;
    }
  }

  bool done_ = false;
  bool failed_ = false;
  bool spoke_ = false;
  bool stated_ = false;
  catalog::Bill bill_;
  chat::VendorError error_;

 private:
  std::string tier_;  // that the vendor names, for the bill
};

}  // namespace signalbox::gateway
