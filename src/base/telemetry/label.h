// What Prometheus takes as names and label values. Pure; any thread; no errors.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::telemetry {

bool IsMetricName(std::string_view name);  // [a-zA-Z_:][a-zA-Z0-9_:]*
bool IsLabelName(std::string_view name);   // the same without colons, not beginning with "__"

inline constexpr std::size_t kMaxLabelValueBytes = 120;

// UTF-8 of at most kMaxLabelValueBytes without control characters; others become '?'.
std::string CleanLabelValue(std::string_view value);

}  // namespace signalbox::telemetry
