// What a closed loop sends: one request for all, or with credentials that take turns, or with
// another number in each prompt, so that no two are equal.
//
// Owner:   a mode's loop. Threads: one. Errors: ends the program when there is nowhere for the
// number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "modes.h"

namespace signalbox::bench {

class Requests {
 public:
  explicit Requests(const LoadOptions& options);

  // The next one, for a connection to send; until the connection's next.
  std::string_view Next(std::size_t connection);

 private:
  struct Form {
    std::string text;
    std::size_t mark;  // where the number stands; npos: nowhere
  };

  std::vector<Form> forms_;        // one per credential
  std::vector<std::string> sent_;  // by connection; only where requests differ
  std::uint64_t number_;
};

}  // namespace signalbox::bench
