#include "pipeline/execution/health_report.h"

#include <algorithm>

namespace signalbox::execution {
namespace {

using core::MonoTime;
using std::chrono::milliseconds;
using State = HealthReport::State;

milliseconds Left(MonoTime until, MonoTime now) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(until - now));
}

State StateOf(const Breaker& breaker, MonoTime now) {
  State state{.breaker = breaker.state(),
              .calls = breaker.counts().all(),
              .failures = breaker.counts().marked()};
  if (state.breaker == BreakerState::kOpen) {
    state.open_for = Left(breaker.open_until(), now);
  }
  return state;
}

void Add(State& to, const State& other) {
  to.breaker = std::max(to.breaker, other.breaker);
  to.open_for = std::max(to.open_for, other.open_for);
  to.calls += other.calls;
  to.failures += other.failures;
}

void Write(json::Writer& w, const State& state) {
  w.Key("state").String(Name(state.breaker));
  if (state.breaker == BreakerState::kOpen) {
    w.Key("open_for_ms").Int(state.open_for.count());
  }
  w.Key("calls").Uint(state.calls).Key("failures").Uint(state.failures);
}

void Write(json::Writer& w, const HealthReport::Key& key) {
  w.BeginObject().Key("label").String(key.label);
  Write(w, key.state);
  w.Key("in_flight").Uint(key.in_flight).Key("weight").Uint(key.limits.weight);
  if (key.limits.in_flight != 0) {
    w.Key("max_in_flight").Uint(key.limits.in_flight);
  }
  if (key.limits.per_minute != 0) {
    w.Key("per_minute").Uint(key.limits.per_minute);
  }
  if (key.rests_for.count() > 0) {
    w.Key("rests_for_ms").Int(key.rests_for.count());
  }
  w.EndObject();
}

// The entry of that name, made when there is none.
template <typename T, typename Member>
T& Find(std::vector<T>& list, Member name, const T& like) {
  const auto found = std::ranges::find(list, like.*name, name);
  if (found != list.end()) {
    return *found;
  }
  T& added = list.emplace_back();
  added.*name = like.*name;
  return added;
}

}  // namespace

HealthReport HealthReport::Of(Health& health, MonoTime now) {
  HealthReport report;
  report.waiting = health.waiting();
  report.retries_left = health.budget().Left(now, health.retry());
  for (const Health::Provider& provider : health.providers_) {
    Provider& out = report.providers.emplace_back();
    out.name = provider.known->name;
    out.state = StateOf(provider.known->breaker, now);
    for (const auto& [name, model] : provider.known->models) {
      out.models.push_back({name, StateOf(model.breaker, now)});
    }
    for (const auto& key : provider.keys) {
      out.keys.push_back({.label = key->label(),
                          .state = StateOf(key->breaker(), now),
                          .rests_for = Left(key->RestsUntil(), now),
                          .in_flight = key->in_flight(),
                          .limits = key->limits()});
    }
  }
  return report;
}

void HealthReport::Join(const HealthReport& other) {
  waiting += other.waiting;
  retries_left += other.retries_left;
  for (const Provider& provider : other.providers) {
    Provider& mine = Find(providers, &Provider::name, provider);
    Add(mine.state, provider.state);
    for (const Model& model : provider.models) {
      Add(Find(mine.models, &Model::name, model).state, model.state);
    }
    for (const Key& key : provider.keys) {
      Key& to = Find(mine.keys, &Key::label, key);
      Add(to.state, key.state);
      to.rests_for = std::max(to.rests_for, key.rests_for);
      to.in_flight += key.in_flight;
      to.limits = key.limits;
    }
  }
}

void HealthReport::Write(json::Writer& w) const {
  w.BeginObject().Key("providers").BeginArray();
  for (const Provider& provider : providers) {
    w.BeginObject().Key("name").String(provider.name);
    execution::Write(w, provider.state);
    w.Key("models").BeginArray();
    for (const Model& model : provider.models) {
      w.BeginObject().Key("name").String(model.name);
      execution::Write(w, model.state);
      w.EndObject();
    }
    w.EndArray().Key("keys").BeginArray();
    for (const Key& key : provider.keys) {
      execution::Write(w, key);
    }
    w.EndArray().EndObject();
  }
  w.EndArray().Key("waiting").Uint(waiting);
  w.Key("retries_left").Uint(static_cast<std::uint64_t>(std::max(0.0, retries_left))).EndObject();
}

}  // namespace signalbox::execution
