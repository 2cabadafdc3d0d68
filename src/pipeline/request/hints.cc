#include "pipeline/request/hints.h"

#include "base/config/values.h"
#include "io/net/http_head.h"

namespace signalbox::request {
namespace {

constexpr std::string_view kPrefix = "x-signalbox-";

}  // namespace

core::Status ReadHint(std::string_view name, std::string_view value, Hints& out) {
  if (name.size() <= kPrefix.size() ||
      !net::EqualsIgnoreCase(name.substr(0, kPrefix.size()), kPrefix)) {
    return {};
  }
  const std::string_view hint = name.substr(kPrefix.size());
  if (net::EqualsIgnoreCase(hint, "model")) {
    out.model = value;
  } else if (net::EqualsIgnoreCase(hint, "task")) {
    out.task = value;
  } else if (net::EqualsIgnoreCase(hint, "max-latency")) {
    out.max_latency = config::ParseDuration(value);
    if (!out.max_latency || out.max_latency->count() <= 0) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        "x-signalbox-max-latency: expected a duration such as 800ms or 5s",
                        "x-signalbox-max-latency");
    }
  }
  return {};
}

}  // namespace signalbox::request
