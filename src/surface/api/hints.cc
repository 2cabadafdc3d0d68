#include "surface/api/hints.h"

#include "base/config/values.h"

namespace signalbox::api {
namespace {

constexpr std::string_view kPrefix = "x-signalbox-";

}  // namespace

core::Result<request::Hints> ReadHints(const net::Fields& fields) {
  request::Hints hints;
  for (const net::Field& field : fields.all()) {
    if (field.name.size() <= kPrefix.size() ||
        !net::EqualsIgnoreCase(field.name.substr(0, kPrefix.size()), kPrefix)) {
      continue;
    }
    const std::string_view hint = field.name.substr(kPrefix.size());
    if (net::EqualsIgnoreCase(hint, "model")) {
      hints.model = field.value;
    } else if (net::EqualsIgnoreCase(hint, "max-latency")) {
      hints.max_latency = config::ParseDuration(field.value);
      if (!hints.max_latency || hints.max_latency->count() <= 0) {
        return core::Fail(core::ErrorCode::kInvalidRequest,
                          "x-signalbox-max-latency: expected a duration such as 800ms or 5s",
                          "x-signalbox-max-latency");
      }
    }
  }
  return hints;
}

}  // namespace signalbox::api
