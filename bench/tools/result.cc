#include "result.h"

#include <cstdio>

namespace signalbox::bench {

void Result::Add(std::string_view name, double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3f", value);
  Raw(name, text);
}

void Result::Raw(std::string_view name, std::string_view value) {
  if (!fields_.empty()) fields_ += ", ";
  fields_ += '"' + std::string(name) + "\": " + std::string(value);
}

void Result::AddPercentiles(const std::string& name, const Histogram& histogram) {
  auto micros = [](Nanos nanos) { return static_cast<double>(nanos) / 1e3; };
  Add(name + "_p50_us", micros(histogram.Percentile(0.5)));
  Add(name + "_p90_us", micros(histogram.Percentile(0.9)));
  Add(name + "_p99_us", micros(histogram.Percentile(0.99)));
  Add(name + "_p999_us", micros(histogram.Percentile(0.999)));
  Add(name + "_max_us", micros(histogram.Max()));
}

void Tally::AddTo(Result& result, Nanos elapsed) const {
  result.Add("requests", requests);
  result.Add("refused", refused);
  result.Add("broken", broken);
  result.Add("reconnects", reconnects);
  result.Add("seconds", Seconds(elapsed));
  result.Add("requests_per_second", static_cast<double>(requests) / Seconds(elapsed));
}

}  // namespace signalbox::bench
