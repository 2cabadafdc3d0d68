#include "pipeline/gateway/lineup.h"
#include "vendors/catalog/families.h"

#include <algorithm>

namespace signalbox::gateway {
namespace {

constexpr std::size_t kMostPinned = 1000;  // of one provider; callers make names up

// What there is to know of: each provider with its keys.
execution::Layout LayoutOf(const request::Targets& targets) {
  execution::Layout layout;
  for (const providers::Provider& provider : targets.providers()) {
    execution::ProviderLayout& row = layout.emplace_back();
    row.name = provider.name;
    for (const providers::ProviderKey& key : provider.keys) {
      row.keys.push_back({key.fingerprint,
                          key.label,
                          {.weight = key.limits.weight,
                           .in_flight = key.limits.in_flight,
                           .per_minute = key.limits.per_minute}});
    }
  }
  return layout;
}

}  // namespace

Lineup::Lineup(Parts parts, const Lineup* before) : parts_(std::move(parts)) {
  const execution::Layout layout = LayoutOf(targets());
  health_ = before != nullptr
                ? before->health_->Adopt(layout, parts_.retry, parts_.breaker)
                : std::make_shared<execution::Health>(layout, parts_.retry, parts_.breaker);
  for (const request::Route& route : targets().routes()) {
    auto& ready = routes_.emplace_back();
    for (const request::Choice& choice : route) {
      ready.push_back(
          MakeReady(choice.target.provider, choice.target.model, choice.stage, choice.weight));
    }
  }
  pinned_.resize(targets().providers().size());
}

execution::Target Lineup::MakeReady(std::uint32_t index, std::string_view model,
                                    std::uint16_t stage, std::uint16_t weight) const {
  const catalog::Model* known = FindModel(index, model);
  return {.provider = index,
          .stage = stage,
          .weight = weight,
          .model = model,
          .health = &health_->Model(index, model),
          .known = known,
          .capabilities = &catalog::CapabilitiesOf(known, model),
          .context = known != nullptr ? known->context : 0,
          .head_timeout = provider(index).options.timeouts.first_byte};
}

const quota::CostBound& Lineup::BoundOf(const execution::Target& target, core::WallTime now,
                                        bool priority) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  DayBound& known = bounds_[target.known];
  if (known.day != day) {
    const auto when = std::chrono::time_point_cast<std::chrono::system_clock::duration>(now);
    known = {day, {quota::BoundOf(target.known, when), quota::BoundOf(target.known, when, true)}};
  }
  return known.bounds[priority ? 1 : 0];
}

std::span<const execution::Target> Lineup::Ready(const request::Resolved& resolved,
                                                 execution::Target& alone) {
  if (resolved.route != nullptr) {
    return routes_[static_cast<std::size_t>(resolved.route - targets().routes().data())];
  }
  const auto& [index, model] = resolved.pinned;
  Pinned& known = pinned_[index];
  auto found = known.find(model);
  if (found == known.end()) {
    if (known.size() >= kMostPinned) {
      alone = MakeReady(index, model, 0, 1);
      return {&alone, 1};
    }
    found = known.try_emplace(model).first;
    found->second = MakeReady(index, found->first, 0, 1);
  }
  return {&found->second, 1};
}

std::chrono::nanoseconds Lineup::MostPatient(std::span<const execution::Target> targets) const {
  std::chrono::nanoseconds most{0};
  for (const execution::Target& target : targets) {
    most = std::max(most, provider(target.provider).options.timeouts.total);
  }
  return most;
}

const catalog::Model* Lineup::FindModel(std::uint32_t provider_index,
                                        std::string_view model) const {
  // What was configured for a provider of one's own stands under its own name.
  const providers::Provider& row = provider(provider_index);
  const catalog::Model* own = row.vendor != row.name && providers::FindVendor(row.name) == nullptr
                                  ? parts_.catalog->Find(row.name, model)
                                  : nullptr;
  return own != nullptr ? own : parts_.catalog->Find(row.vendor, model);
}

void Lineup::GiveMemoryBack() {
  for (const auto& upstream : parts_.upstreams) {
    upstream->GiveMemoryBack();
  }
}

}  // namespace signalbox::gateway
