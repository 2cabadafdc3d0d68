// Counters, gauges and histograms that cost a few nanoseconds: one shard per worker, written by
// that worker alone with relaxed stores, added up by whoever reads.
//
// Owner:   app/ owns the Registry; families are registered at start, before workers run; labelled
//          children are looked up once and kept by their user.
// Threads: a shard has one writer; Collect from any thread at any time.
// Errors:  none. A family that has reached its bound of label sets hands out its child `other`.
// Cancel:  nothing to undo.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace prometheus {
struct ClientMetric;
struct MetricFamily;
}  // namespace prometheus

namespace signalbox::telemetry {

// A number with one writer. Readers see some recent value.
class Cell {
 public:
  void Add(double delta) {
    value_.store(value_.load(std::memory_order_relaxed) + delta, std::memory_order_relaxed);
  }
  double value() const { return value_.load(std::memory_order_relaxed); }
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

// A cache line of one shard's cells, so that two workers never write to the same line.
struct alignas(64) CellLine {
  static constexpr std::size_t kCells = 8;
  std::array<Cell, kCells> cells;
};

// Counts per bucket, with sum; bounds are the family's.
class Histogram {
 public:
  explicit Histogram(std::span<const double> bounds);
  void Observe(double value);  // counts in the first bucket whose bound is not below it

  std::span<const double> bounds() const { return bounds_; }
  double bucket(std::size_t i) const { return CellAt(i).value(); }  // not cumulative
  double sum() const { return CellAt(bounds_.size() + 1).value(); }

 private:
  Cell& CellAt(std::size_t i) const {
    return lines_[i / CellLine::kCells].cells[i % CellLine::kCells];
  }

  std::span<const double> bounds_;
  std::unique_ptr<CellLine[]> lines_;  // bounds_.size() + 1 buckets, then the sum
};

enum class MetricKind : std::uint8_t { kCounter, kGauge, kHistogram };

struct FamilyOptions {
  std::string name;  // e.g. "model_tokens_used_total"
  std::string help;
  MetricKind kind = MetricKind::kCounter;
  std::vector<std::string> labels;    // e.g. {"provider", "model"}
  std::vector<double> bounds;         // histograms: upper bounds, ascending
  std::uint32_t max_children = 1000;  // label sets; the next ones share `other`
};

class Family;

class Registry {
 public:
  explicit Registry(std::uint32_t shards);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Names and label names as Prometheus wants them; a name twice is a broken invariant.
  Family& Add(FamilyOptions options);

  // The Prometheus text exposition format 0.0.4 of everything, via prometheus-cpp's serializer.
  std::string Text() const;

 private:
  std::vector<std::unique_ptr<Family>> families_;
  std::uint32_t shards_;
};

// Look-up of children: made under a lock the first time a worker meets a label set, so callers keep
// the reference; it stays valid as long as the Registry. Label values are kept as UTF-8 of at most
// 120 bytes; what is not UTF-8 in them becomes '?'.
class Family {
 public:
  Cell& Child(std::uint32_t shard, std::span<const std::string_view> label_values);
  Histogram& HistogramChild(std::uint32_t shard, std::span<const std::string_view> label_values);

 private:
  friend class Registry;

  struct ChildRow {
    std::vector<std::string> label_values;
    std::vector<Cell*> cells;  // per shard, null until asked for
    std::vector<std::unique_ptr<Histogram>> histograms;
  };
  struct Shard {
    std::deque<CellLine> lines;
    std::size_t used = 0;  // cells
  };

  Family(FamilyOptions options, std::uint32_t shards);
  ChildRow& Row(std::uint32_t shard, std::span<const std::string_view> label_values);
  Cell& NewCell(Shard& shard);
  void Collect(prometheus::MetricFamily& out) const;
  void CollectHistogram(const ChildRow& row, prometheus::ClientMetric& out) const;

  const FamilyOptions options_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, ChildRow> children_;  // by the label values, joined
  std::vector<Shard> shards_;
};

}  // namespace signalbox::telemetry
