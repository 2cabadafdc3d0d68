// Follows one event stream of the mock upstream: counts its frames, checks their order by the
// stamps in them, and finds the usage frame and `[DONE]`, wherever the bytes were cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clock.h"

namespace signalbox::bench {

class SseCounter {
 public:
  // Called with each content frame's stamp.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void OnFrame(Nanos stamp) = 0;
  };

  void Feed(std::string_view body, Sink& sink);

  bool in_order() const { return in_order_; }
  bool has_usage() const { return has_usage_; }
  bool has_done() const { return has_done_; }

 private:
  void OnLine(std::string_view line, Sink& sink);

  std::string partial_;
  Nanos last_stamp_ = 0;
  bool in_order_ = true;
  bool has_usage_ = false;
  bool has_done_ = false;
};

}  // namespace signalbox::bench
