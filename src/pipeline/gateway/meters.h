// What a worker counts about its calls, shown at /metrics.
//
// Owner:   one per worker; the families belong to the registry and are shared by all workers.
// Threads: the worker's.
// Errors:  none. Beyond the registry's bound of label sets, calls are counted under `other`.
// Cancel:  nothing to undo.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/telemetry/metrics.h"
#include "pipeline/ledger/record.h"

namespace signalbox::gateway {

// The families, registered once before the workers start.
struct MeterFamilies {
  explicit MeterFamilies(telemetry::Registry& registry);

  telemetry::Family& requests;      // signalbox_requests_total{provider,model,outcome}
  telemetry::Family& duration;      // model_request_duration_seconds{provider,model}
  telemetry::Family& first_byte;    // model_time_to_first_byte_seconds{provider,model}
  telemetry::Family& tokens;        // model_tokens_used_total{provider,model,kind}
  telemetry::Family& cost;          // model_cost_usd_total{provider,model}
  telemetry::Family& refused;       // signalbox_requests_refused_total{error}
  telemetry::Family& in_flight;     // signalbox_requests_in_flight
  telemetry::Family& overhead;      // signalbox_overhead_seconds
  telemetry::Family& cache_hits;    // cache_hits_total{cache}
  telemetry::Family& cache_misses;  // cache_misses_total{cache}
  telemetry::Family& cache_shared;  // cache_shared_total
  telemetry::Family& cache_saved;   // cache_saved_usd_total
  telemetry::Family& cache_time;    // cache_saved_seconds_total
};

// Of answers that were not asked of a model.
struct CacheMeters {
  telemetry::Cell& hits;
  telemetry::Cell& misses;
  telemetry::Cell& shared;  // hits behind another's call
  telemetry::Cell& saved_usd;
  telemetry::Cell& saved_seconds;
};

// The children for one provider and model.
struct TargetMeters {
  std::array<telemetry::Cell*, 5> outcomes{};  // by ledger::Outcome
  telemetry::Histogram* duration = nullptr;
  telemetry::Histogram* first_byte = nullptr;
  telemetry::Cell* input_tokens = nullptr;
  telemetry::Cell* output_tokens = nullptr;
  telemetry::Cell* cached_tokens = nullptr;
  telemetry::Cell* reasoning_tokens = nullptr;
  telemetry::Cell* cost = nullptr;
};

class Meters {
 public:
  Meters(MeterFamilies& families, std::uint32_t shard);

  TargetMeters& For(std::string_view provider, std::string_view model);
  void Refused(std::string_view error);
  void Settled(TargetMeters& target, const ledger::Record& settlement);

  telemetry::Cell& in_flight() { return *in_flight_; }
  telemetry::Histogram& overhead() { return *overhead_; }
  CacheMeters& cache() { return cache_; }

 private:
  struct Key {
    std::string provider;
    std::string model;
  };
  struct Hash {
    using is_transparent = void;
    template <typename K>
    std::size_t operator()(const K& key) const {
      return std::hash<std::string_view>()(key.provider) * 31 +
             std::hash<std::string_view>()(key.model);
    }
  };
  struct Equal {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return a.provider == b.provider && a.model == b.model;
    }
  };

  TargetMeters Make(std::string_view provider, std::string_view model);

  MeterFamilies& families_;
  std::uint32_t shard_;
  std::unordered_map<Key, TargetMeters, Hash, Equal> targets_;
  telemetry::Cell* in_flight_;
  telemetry::Histogram* overhead_;
  CacheMeters cache_;
};

}  // namespace signalbox::gateway
