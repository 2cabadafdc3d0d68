#include "pipeline/execution/health.h"

#include <algorithm>

namespace signalbox::execution {
namespace {

using core::MonoTime;

constexpr std::size_t kMostModels = 1000;
constexpr std::string_view kOtherModels = "other";

// A key opens when it is refused, and comes back by one call that succeeds. Where nothing else is
// left it is used all the same: its vendor's own answer tells more than a refusal of ours, and the
// moment it is accepted again nobody has to wait.
BreakerOptions ForKeys(BreakerOptions options) {
  options.open = options.key_rest;
  options.open_max = options.key_rest;
  options.probes = 1;
  options.probe_every = std::chrono::nanoseconds(0);
  return options;
}

}  // namespace

Health::Health(const RetryOptions& retry, const BreakerOptions& breaker,
               std::shared_ptr<Shared> shared)
    : retry_(retry),
      breaker_(breaker),
      key_breaker_(ForKeys(breaker)),
      shared_(std::move(shared)) {}

Health::Health(const Layout& layout, const RetryOptions& retry, const BreakerOptions& breaker)
    : Health(retry, breaker, std::make_shared<Shared>()) {
  for (const ProviderLayout& provider : layout) {
    Add(provider, nullptr);
  }
}

std::shared_ptr<Health> Health::Adopt(const Layout& layout, const RetryOptions& retry,
                                      const BreakerOptions& breaker) const {
  const std::shared_ptr<Health> next(new Health(retry, breaker, shared_));
  for (const ProviderLayout& provider : layout) {
    const auto before = std::ranges::find_if(
        providers_, [&](const Provider& p) { return p.known->name == provider.name; });
    next->Add(provider, before == providers_.end() ? nullptr : &*before);
  }
  return next;
}

void Health::Add(const ProviderLayout& layout, const Provider* before) {
  Provider& provider = providers_.emplace_back();
  provider.known = before != nullptr ? before->known : std::make_shared<Known>(layout.name);
  for (const KeyLayout& key : layout.keys) {
    std::shared_ptr<KeyHealth> kept;
    for (std::size_t i = 0; before != nullptr && i < before->keys.size(); ++i) {
      if (before->keys[i]->fingerprint() == key.fingerprint) {
        kept = before->keys[i];
        kept->Rename(key.label, key.limits);
      }
    }
    provider.keys.push_back(
        kept ? kept : std::make_shared<KeyHealth>(key.fingerprint, key.label, key.limits));
  }
}

ModelHealth& Health::Model(std::uint32_t provider, std::string_view model) {
  Models& models = providers_[provider].known->models;
  auto found = models.find(model);
  if (found == models.end()) {
    const std::string_view name = models.size() < kMostModels ? model : kOtherModels;
    const auto id = static_cast<std::uint32_t>(models.size());
    found = models.try_emplace(std::string(name), ModelHealth{id, {}}).first;
  }
  return found->second;
}

Opening Health::When(std::uint32_t provider, const ModelHealth& model, MonoTime now,
                     Urgency urgency) const {
  const Provider& p = providers_[provider];
  const MonoTime open = std::max(p.known->breaker.AllowsAt(now, urgency, breaker_),
                                 model.breaker.AllowsAt(now, urgency, breaker_));
  const Opening key = KeyOpening(p, model, now, urgency);
  return open > now && open >= key.at ? Opening{open, Hindrance::kOpen} : key;
}

// The opening of the key that is free first.
Opening Health::KeyOpening(const Provider& provider, const ModelHealth& model, MonoTime now,
                           Urgency urgency) const {
  Opening first{core::kNever, Hindrance::kKeyRefused};
  for (const auto& key : provider.keys) {
    const MonoTime allowed = key->breaker().AllowsAt(now, urgency, key_breaker_);
    const MonoTime free = key->FreeAt(model.id, now, urgency);
    if (std::max(allowed, free) <= now) {
      return {now, Hindrance::kNone};
    }
    if (std::max(allowed, free) < first.at) {
      const bool refused = allowed > free || free > key->FreeAt(model.id, now, Urgency::kLastWay);
      first = {std::max(allowed, free), refused ? Hindrance::kKeyRefused : Hindrance::kLimited};
    }
  }
  return first;
}

std::uint32_t Health::ChooseKey(const Provider& provider, const ModelHealth& model, MonoTime now,
                                Urgency urgency, Draw& draw) const {
  if (provider.keys.size() == 1) {
    return 0;
  }
  // Weighted, in one pass: each free key replaces the one before it in proportion to its weight.
  std::uint32_t chosen = 0;
  double sum = 0;
  for (std::uint32_t i = 0; i < provider.keys.size(); ++i) {
    const KeyHealth& key = *provider.keys[i];
    if (key.breaker().AllowsAt(now, urgency, key_breaker_) > now ||
        key.FreeAt(model.id, now, urgency) > now) {
      continue;
    }
    sum += key.limits().weight;
    if (draw.Hits(key.limits().weight, sum)) {
      chosen = i;
    }
  }
  return chosen;
}

Permit Health::Take(std::uint32_t provider, ModelHealth& model, MonoTime now, Urgency urgency,
                    Draw& draw) {
  const Provider& p = providers_[provider];
  Permit permit{
      .provider = provider, .key = ChooseKey(p, model, now, urgency, draw), .model = &model};
  KeyHealth& key = *p.keys[permit.key];
  key.Take(now);
  permit.provider_probe = p.known->breaker.Take(now);
  permit.model_probe = model.breaker.Take(now);
  permit.key_probe = key.breaker().Take(now);
  return permit;
}

void Health::Answered(Permit& permit, MonoTime now) {
  if (permit.provider_probe != Breaker::kNoProbe) {
    providers_[permit.provider].known->breaker.Succeed(permit.provider_probe, now, breaker_);
  }
  if (permit.model_probe != Breaker::kNoProbe) {
    permit.model->breaker.Succeed(permit.model_probe, now, breaker_);
  }
  if (permit.key_probe != Breaker::kNoProbe) {
    Key(permit).breaker().Succeed(permit.key_probe, now, key_breaker_);
  }
  permit.provider_probe = permit.model_probe = permit.key_probe = Breaker::kNoProbe;
}

void Health::Succeed(const Permit& permit, MonoTime now) {
  providers_[permit.provider].known->breaker.Succeed(permit.provider_probe, now, breaker_);
  permit.model->breaker.Succeed(permit.model_probe, now, breaker_);
  KeyHealth& key = Key(permit);
  if (permit.key_probe != Breaker::kNoProbe) {
    key.breaker().Succeed(permit.key_probe, now, key_breaker_);
  }
  key.Return();
}

void Health::Fail(const Permit& permit, const Finding& finding, MonoTime now) {
  Breaker& provider = providers_[permit.provider].known->breaker;
  Breaker& model = permit.model->breaker;
  KeyHealth& key = Key(permit);
  if (finding.blame == Blame::kProvider) {
    provider.Fail(permit.provider_probe, now, breaker_);
  } else if (finding.reached) {
    provider.Succeed(permit.provider_probe, now, breaker_);
  }
  if (finding.blame == Blame::kModel) {
    model.Fail(permit.model_probe, now, breaker_);
  }
  if (finding.blame == Blame::kKey) {
    key.breaker().Open(now, key_breaker_);
  }
  if (finding.blame == Blame::kKeyForModel) {
    key.Bar(permit.model->id, now, now + breaker_.key_rest);
  }
  if (finding.rest.count() > 0) {
    key.Rest(permit.model->id, now, now + finding.rest);
  }
  // Who was not judged has not shown that it works either: its probe is given back.
  const bool judged = finding.blame == Blame::kProvider || finding.reached;
  provider.Release(judged ? Breaker::kNoProbe : permit.provider_probe);
  model.Release(finding.blame == Blame::kModel ? Breaker::kNoProbe : permit.model_probe);
  key.breaker().Release(permit.key_probe);
  key.Return();
}

void Health::Release(const Permit& permit) {
  Fail(permit, {}, core::MonoTime{});
}

}  // namespace signalbox::execution
