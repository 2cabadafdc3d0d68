#include "pipeline/request/hints.h"

#include <fmt/format.h>

#include "base/config/values.h"
#include "io/net/http_head.h"

namespace signalbox::request {
namespace {

constexpr std::string_view kPrefix = "x-signalbox-";

struct LabelName {
  std::string_view hint;
  std::string_view Labels::* label;
};
constexpr LabelName kLabels[] = {
    {"user", &Labels::end_user},     {"agent", &Labels::agent},     {"session", &Labels::session},
    {"task", &Labels::task},         {"feature", &Labels::feature}, {"category", &Labels::category},
    {"activity", &Labels::activity}, {"tags", &Labels::tags},
};
// What the ledger keeps of one.
constexpr std::size_t kLongestLabel = 255;

core::Status ReadLabel(const LabelName& name, std::string_view value, Labels& out) {
  if (value.size() > kLongestLabel) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      fmt::format("{}{}: is {} bytes long; at most {} are taken", kPrefix,
                                  name.hint, value.size(), kLongestLabel),
                      fmt::format("{}{}", kPrefix, name.hint));
  }
  out.*name.label = value;
  return {};
}

std::string_view Either(std::string_view first, std::string_view second) {
  return first.empty() ? second : first;
}

}  // namespace

void Hints::AddMissing(const Hints& other) {
  model = Either(model, other.model);
  max_latency = max_latency ? max_latency : other.max_latency;
  cache.Add(other.cache);
  if (other.labels.empty()) {
    return;
  }
  for (const LabelName& name : kLabels) {
    labels.*name.label = Either(labels.*name.label, other.labels.*name.label);
  }
}

core::Status ReadHint(std::string_view name, std::string_view value, Hints& out) {
  if (net::EqualsIgnoreCase(name, "cache-control")) {
    ReadCacheControl(value, out.cache);
    return {};
  }
  if (name.size() <= kPrefix.size() ||
      !net::EqualsIgnoreCase(name.substr(0, kPrefix.size()), kPrefix)) {
    return {};
  }
  const std::string_view hint = name.substr(kPrefix.size());
  if (net::EqualsIgnoreCase(hint, "model")) {
    out.model = value;
  } else if (net::EqualsIgnoreCase(hint, "max-latency")) {
    out.max_latency = config::ParseDuration(value);
    if (!out.max_latency || out.max_latency->count() <= 0) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        "x-signalbox-max-latency: expected a duration such as 800ms or 5s",
                        "x-signalbox-max-latency");
    }
  } else if (net::EqualsIgnoreCase(hint, "cache-control")) {
    return ReadCacheHint(value, out.cache);
  } else {
    for (const LabelName& label : kLabels) {
      if (net::EqualsIgnoreCase(hint, label.hint)) {
        return ReadLabel(label, value, out.labels);
      }
    }
  }
  return {};
}

}  // namespace signalbox::request
