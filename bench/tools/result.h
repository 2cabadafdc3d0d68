// What a mode counted, as one flat JSON object.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "histogram.h"

namespace signalbox::bench {

class Result {
 public:
  void Add(std::string_view name, double value);
  void Add(std::string_view name, std::integral auto value) { Raw(name, std::to_string(value)); }
  // Adds NAME_p50_us, _p90_us, _p99_us, _p999_us and _max_us.
  void AddPercentiles(const std::string& name, const Histogram& histogram);

  std::string Json() const { return "{" + fields_ + "}"; }

 private:
  void Raw(std::string_view name, std::string_view value);

  std::string fields_;
};

// What every request-counting mode reports besides its percentiles.
struct Tally {
  std::uint64_t requests = 0;  // answered with 2xx
  std::uint64_t refused = 0;   // answered otherwise
  std::uint64_t broken = 0;    // connection lost before the answer's end
  std::uint64_t reconnects = 0;

  void Count(int status) { ++(status >= 200 && status < 300 ? requests : refused); }
  void AddTo(Result& result, Nanos elapsed) const;
};

}  // namespace signalbox::bench
