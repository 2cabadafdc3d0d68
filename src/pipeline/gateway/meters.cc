#include "pipeline/gateway/meters.h"

#include <vector>

namespace signalbox::gateway {
namespace {

using telemetry::MetricKind;

// Providers with their models; the next ones are counted as `other`. Each takes about 4 KB of
// /metrics, and a client can name any model it likes.
constexpr std::size_t kMostTargets = 200;
// In the families: also an `other` for each provider.
constexpr std::size_t kMostLabels = kMostTargets + 50;
constexpr std::string_view kOther = "other";
constexpr std::string_view kExact = "exact";

const std::vector<double> kSeconds = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};
const std::vector<double> kMicros = {5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 5e-3, 5e-2};

struct ModelKey {
  std::string_view provider;
  std::string_view model;
};

void AddTokens(telemetry::Cell* cell, std::int64_t tokens) {
  if (tokens > 0) {
    cell->Add(static_cast<double>(tokens));
  }
}

}  // namespace

MeterFamilies::MeterFamilies(telemetry::Registry& registry)
    : requests(registry.Add({.name = "signalbox_requests_total",
                             .help = "Calls to a model that came to their end.",
                             .labels = {"provider", "model", "outcome"},
                             .max_children = 4 * kMostLabels})),
      duration(registry.Add({.name = "model_request_duration_seconds",
                             .help = "From a request's arrival to the end of its answer.",
                             .kind = MetricKind::kHistogram,
                             .labels = {"provider", "model"},
                             .bounds = kSeconds,
                             .max_children = kMostLabels})),
      first_byte(registry.Add({.name = "model_time_to_first_byte_seconds",
                               .help = "From sending a call to the first byte of its answer.",
                               .kind = MetricKind::kHistogram,
                               .labels = {"provider", "model"},
                               .bounds = kSeconds,
                               .max_children = kMostLabels})),
      tokens(registry.Add({.name = "model_tokens_used_total",
                           .help = "Tokens as the provider counts them.",
                           .labels = {"provider", "model", "kind"},
                           .max_children = 4 * kMostLabels})),
      cost(registry.Add({.name = "model_cost_usd_total",
                         .help = "What calls cost, in US dollars, as far as that is known.",
                         .labels = {"provider", "model"},
                         .max_children = kMostLabels})),
      refused(registry.Add({.name = "signalbox_requests_refused_total",
                            .help = "Requests that were answered without a call to a model.",
                            .labels = {"error"}})),
      in_flight(registry.Add({.name = "signalbox_requests_in_flight",
                              .help = "Requests that are being served.",
                              .kind = MetricKind::kGauge})),
      overhead(registry.Add({.name = "signalbox_overhead_seconds",
                             .help = "Time of a request spent in Signalbox, not upstream.",
                             .kind = MetricKind::kHistogram,
                             .bounds = kMicros})),
      cache_hits(registry.Add({.name = "cache_hits_total",
                               .help = "Requests that were answered without a call of their own.",
                               .labels = {"cache"}})),
      cache_misses(registry.Add({.name = "cache_misses_total",
                                 .help = "Requests that were looked for and had to be called.",
                                 .labels = {"cache"}})),
      cache_shared(registry.Add({.name = "cache_shared_total",
                                 .help = "Of the hits, those that waited for another's call."})),
      cache_saved(registry.Add({.name = "cache_saved_usd_total",
                                .help = "What hits would have cost, in US dollars, as far as that "
                                        "is known."})),
      cache_time(registry.Add({.name = "cache_saved_seconds_total",
                               .help = "How long the answers of hits took when they were made."})) {
}

Meters::Meters(MeterFamilies& families, std::uint32_t shard)
    : families_(families),
      shard_(shard),
      in_flight_(&families.in_flight.Child(shard, {})),
      overhead_(&families.overhead.HistogramChild(shard, {})),
      cache_{.hits = families.cache_hits.Child(shard, {&kExact, 1}),
             .misses = families.cache_misses.Child(shard, {&kExact, 1}),
             .shared = families.cache_shared.Child(shard, {}),
             .saved_usd = families.cache_saved.Child(shard, {}),
             .saved_seconds = families.cache_time.Child(shard, {})} {}

TargetMeters& Meters::For(std::string_view provider, std::string_view model) {
  const auto found = targets_.find(ModelKey{provider, model});
  if (found != targets_.end()) {
    return found->second;
  }
  if (targets_.size() >= kMostTargets && model != kOther) {
    return For(provider, kOther);
  }
  return targets_.emplace(Key{std::string(provider), std::string(model)}, Make(provider, model))
      .first->second;
}

TargetMeters Meters::Make(std::string_view provider, std::string_view model) {
  const std::array<std::string_view, 2> target = {provider, model};
  const auto with = [&](telemetry::Family& family, std::string_view last) {
    const std::array<std::string_view, 3> labels = {provider, model, last};
    return &family.Child(shard_, labels);
  };
  TargetMeters made;
  for (std::size_t i = 1; i < made.outcomes.size(); ++i) {
    made.outcomes[i] = with(families_.requests, Name(static_cast<ledger::Outcome>(i)));
  }
  made.duration = &families_.duration.HistogramChild(shard_, target);
  made.first_byte = &families_.first_byte.HistogramChild(shard_, target);
  made.input_tokens = with(families_.tokens, "input");
  made.output_tokens = with(families_.tokens, "output");
  made.cached_tokens = with(families_.tokens, "cached");
  made.reasoning_tokens = with(families_.tokens, "reasoning");
  made.cost = &families_.cost.Child(shard_, target);
  return made;
}

void Meters::Refused(std::string_view error) {
  families_.refused.Child(shard_, {&error, 1}).Add(1);
}

void Meters::Settled(TargetMeters& target, const ledger::Record& settlement) {
  target.outcomes[static_cast<std::size_t>(settlement.outcome)]->Add(1);
  target.duration->Observe(static_cast<double>(settlement.total_us) * 1e-6);
  if (settlement.status != 0) {
    target.first_byte->Observe(static_cast<double>(settlement.first_byte_us) * 1e-6);
  }
  AddTokens(target.input_tokens, settlement.usage.input);
  AddTokens(target.output_tokens, settlement.usage.output);
  AddTokens(target.cached_tokens, settlement.usage.cached);
  AddTokens(target.reasoning_tokens, settlement.usage.reasoning);
  if (settlement.cost_nano_usd > 0) {
    target.cost->Add(static_cast<double>(settlement.cost_nano_usd) * 1e-9);
  }
}

}  // namespace signalbox::gateway
