#include "base/telemetry/metrics.h"

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <sstream>

#include "base/telemetry/label.h"

namespace signalbox::telemetry {
namespace {

constexpr std::string_view kOther = "other";

[[noreturn]] void Broken(std::string_view family, std::string_view what) {
  fmt::print(stderr, "metric {}: {}\n", family, what);
  std::abort();
}

prometheus::MetricType TypeOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return prometheus::MetricType::Counter;
    case MetricKind::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

std::string Join(std::span<const std::string> values) {
  std::string joined;
  for (const std::string& value : values) {
    joined.append(value).push_back('\xff');  // in no UTF-8
  }
  return joined;
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds),
      lines_(std::make_unique<CellLine[]>((bounds.size() + 1) / CellLine::kCells + 1)) {}

void Histogram::Observe(double value) {
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  CellAt(static_cast<std::size_t>(bucket)).Add(1);
  CellAt(bounds_.size() + 1).Add(value);
}

Family::Family(FamilyOptions options, std::uint32_t shards)
    : options_(std::move(options)), shards_(shards) {
  if (options_.labels.empty()) {  // visible from the start
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
      options_.kind == MetricKind::kHistogram ? static_cast<void>(HistogramChild(shard, {}))
                                              : static_cast<void>(Child(shard, {}));
    }
  }
}

Family::ChildRow& Family::Row(std::uint32_t shard, std::span<const std::string_view> label_values) {
  if (label_values.size() != options_.labels.size() || shard >= shards_.size()) {
    Broken(options_.name, "a child needs one value per label and a shard that exists");
  }
  std::vector<std::string> values;
  for (const std::string_view value : label_values) {
    values.push_back(CleanLabelValue(value));
  }
  std::string key = Join(values);
  auto found = children_.find(key);
  if (found == children_.end() && children_.size() >= options_.max_children) {
    values.assign(values.size(), std::string(kOther));
    key = Join(values);
    found = children_.find(key);
  }
  if (found == children_.end()) {
    ChildRow row;  // whole before it is there for others, should there be no memory for all of it
    row.label_values = std::move(values);
    row.cells.resize(shards_.size());
    row.histograms.resize(shards_.size());
    found = children_.emplace(std::move(key), std::move(row)).first;
  }
  return found->second;
}

Cell& Family::NewCell(Shard& shard) {
  const std::size_t in_line = shard.used % CellLine::kCells;
  if (in_line == 0) {
    shard.lines.emplace_back();
  }
  ++shard.used;
  return shard.lines.back().cells[in_line];
}

Cell& Family::Child(std::uint32_t shard, std::span<const std::string_view> label_values) {
  if (options_.kind == MetricKind::kHistogram) {
    Broken(options_.name, "a histogram has no single number");
  }
  const std::lock_guard lock(mutex_);
  Cell*& cell = Row(shard, label_values).cells[shard];
  if (cell == nullptr) {
    cell = &NewCell(shards_[shard]);
  }
  return *cell;
}

Histogram& Family::HistogramChild(std::uint32_t shard,
                                  std::span<const std::string_view> label_values) {
  if (options_.kind != MetricKind::kHistogram) {
    Broken(options_.name, "not a histogram");
  }
  const std::lock_guard lock(mutex_);
  auto& histogram = Row(shard, label_values).histograms[shard];
  if (histogram == nullptr) {
    histogram = std::make_unique<Histogram>(options_.bounds);
  }
  return *histogram;
}

void Family::Collect(prometheus::MetricFamily& out) const {
  out.name = options_.name;
  out.help = options_.help;
  out.type = TypeOf(options_.kind);
  const std::lock_guard lock(mutex_);
  for (const auto& [key, row] : children_) {
    prometheus::ClientMetric& metric = out.metric.emplace_back();
    for (std::size_t i = 0; i < options_.labels.size(); ++i) {
      metric.label.push_back({options_.labels[i], row.label_values[i]});
    }
    double sum = 0;
    for (const Cell* cell : row.cells) {
      sum += cell != nullptr ? cell->value() : 0;
    }
    metric.counter.value = sum;
    metric.gauge.value = sum;
    if (options_.kind == MetricKind::kHistogram) {
      CollectHistogram(row, metric);
    }
  }
  std::ranges::sort(out.metric, {}, &prometheus::ClientMetric::label);
}

void Family::CollectHistogram(const ChildRow& row, prometheus::ClientMetric& out) const {
  double sum = 0;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= options_.bounds.size(); ++i) {
    for (const auto& histogram : row.histograms) {
      count += histogram != nullptr ? static_cast<std::uint64_t>(histogram->bucket(i)) : 0;
    }
    const bool last = i == options_.bounds.size();
    out.histogram.bucket.push_back(
        {count, last ? std::numeric_limits<double>::infinity() : options_.bounds[i]});
  }
  for (const auto& histogram : row.histograms) {
    sum += histogram != nullptr ? histogram->sum() : 0;
  }
  out.histogram.sample_count = count;
  out.histogram.sample_sum = sum;
}

Registry::Registry(std::uint32_t shards) : shards_(shards) {}

Registry::~Registry() = default;

Family& Registry::Add(FamilyOptions options) {
  if (!IsMetricName(options.name) || !std::ranges::all_of(options.labels, IsLabelName) ||
      !std::ranges::is_sorted(options.bounds)) {
    Broken(options.name, "a name or a bound that Prometheus does not take");
  }
  for (const auto& family : families_) {
    if (family->options_.name == options.name) {
      Broken(options.name, "registered twice");
    }
  }
  families_.emplace_back(new Family(std::move(options), shards_));
  return *families_.back();
}

std::string Registry::Text() const {
  std::vector<prometheus::MetricFamily> collected(families_.size());
  for (std::size_t i = 0; i < families_.size(); ++i) {
    families_[i]->Collect(collected[i]);
  }
  std::erase_if(collected, [](const auto& family) { return family.metric.empty(); });
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, collected);
  return std::move(out).str();
}

}  // namespace signalbox::telemetry
