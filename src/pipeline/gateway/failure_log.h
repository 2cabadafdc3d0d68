// Tells whoever looks after Signalbox that a provider fails: the first time at once, then at most
// once a minute for each provider and kind, with how often it happened meanwhile.
//
// Owner:   the gateway. Threads: the worker's. Errors: none. Cancel: nothing waits.
//
// A vendor's own words stay out of the log: they may quote a prompt.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/core/time.h"
#include "pipeline/execution/failure.h"

namespace signalbox::gateway {

struct FailedCall {
  std::string_view provider;
  std::string_view model;
  std::string_view key;     // its label
  std::string_view detail;  // what happened, in words
  execution::Failure failure;
};

class FailureLog {
 public:
  void Note(const FailedCall& call, core::MonoTime now);

 private:
  struct Told {
    core::MonoTime at{};
    std::uint64_t silent = 0;  // failures since then
  };
  std::map<std::string, Told, std::less<>> told_;  // by provider and kind; bounded by both
};

}  // namespace signalbox::gateway
