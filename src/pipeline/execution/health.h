// What is known of each provider, model and key: which may be called now, and what became of calls.
//
// Owner:   a worker's configuration snapshot; a request keeps the snapshot it began with. What is
//          known lives on across reloads by Adopt.
// Threads: the worker's.
// Errors:  none. Cancel: Release gives back a permit that came to nothing.
//
// Model() may allocate and is for when targets are made ready; nothing else here does, but the
// first rest of a key.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/execution/draw.h"
#include "pipeline/execution/failure.h"
#include "pipeline/execution/key_health.h"
#include "pipeline/execution/retry_budget.h"

namespace signalbox::execution {

// What there is to know of: providers in the order of the snapshot, each with its keys in the order
// in which they are configured. A provider that needs no key has one with an empty secret.
struct KeyLayout {
  std::uint64_t fingerprint = 0;  // the same for the same secret, for as long as the process lives
  std::string label;
  KeyLimits limits;
};
struct ProviderLayout {
  std::string name;
  std::vector<KeyLayout> keys;
};
using Layout = std::vector<ProviderLayout>;

struct ModelHealth {
  std::uint32_t id = 0;  // among the models of its provider
  Breaker breaker;
};

// Leave to make one call. Give it back with Finish or Release, once.
struct Permit {
  std::uint32_t provider = 0;
  std::uint32_t key = 0;         // index in the provider's layout
  ModelHealth* model = nullptr;  // null: no permit
  Breaker::Ticket provider_probe = Breaker::kNoProbe;
  Breaker::Ticket model_probe = Breaker::kNoProbe;
  Breaker::Ticket key_probe = Breaker::kNoProbe;
};

// What a failed call says.
struct Finding {
  Blame blame = Blame::kNobody;
  bool reached = false;              // the provider did answer
  std::chrono::nanoseconds rest{0};  // how long the key is left alone for this model
};

// When a target may be called, and what stands against it until then.
enum class Hindrance : std::uint8_t { kNone, kOpen, kKeyRefused, kLimited };
struct Opening {
  core::MonoTime at{};
  Hindrance hindrance = Hindrance::kNone;
};

class Health {
 public:
  Health(const Layout& layout, const RetryOptions& retry, const BreakerOptions& breaker);

  // The same for another configuration: what is known of providers (by name), their models and keys
  // (by fingerprint) that are still there is shared with this one from now on.
  std::shared_ptr<Health> Adopt(const Layout& layout, const RetryOptions& retry,
                                const BreakerOptions& breaker) const;

  // Of a model at a provider; lives as long as this does. Models beyond the first thousand of a
  // provider, which only made-up names reach, share one.
  ModelHealth& Model(std::uint32_t provider, std::string_view model);

  // When `provider` may be called with `model`; `at` <= now means now.
  Opening When(std::uint32_t provider, const ModelHealth& model, core::MonoTime now,
               Urgency urgency) const;

  // Takes leave, with a key by weight among those that are free; only when When says now.
  Permit Take(std::uint32_t provider, ModelHealth& model, core::MonoTime now, Urgency urgency,
              Draw& draw);

  // The head of a good answer is there: a probe has succeeded, however long the answer takes.
  void Answered(Permit& permit, core::MonoTime now);
  // The call is over: it went well, or it speaks against somebody.
  void Succeed(const Permit& permit, core::MonoTime now);
  void Fail(const Permit& permit, const Finding& finding, core::MonoTime now);
  void Release(const Permit& permit);

  const RetryOptions& retry() const { return retry_; }
  RetryBudget& budget() { return shared_->budget; }
  std::uint32_t& waiting() { return shared_->waiting; }  // requests that wait for a target

  const std::string& ProviderName(std::uint32_t provider) const {
    return providers_[provider].known->name;
  }
  const std::string& KeyLabel(const Permit& permit) const { return Key(permit).label(); }

 private:
  friend struct HealthReport;
  using Models = std::map<std::string, ModelHealth, std::less<>>;
  struct Known {
    std::string name;
    Breaker breaker;
    Models models;
  };
  struct Provider {
    std::shared_ptr<Known> known;
    std::vector<std::shared_ptr<KeyHealth>> keys;
  };
  struct Shared {
    RetryBudget budget;
    std::uint32_t waiting = 0;
  };

  Health(const RetryOptions& retry, const BreakerOptions& breaker, std::shared_ptr<Shared> shared);
  void Add(const ProviderLayout& layout, const Provider* before);
  Opening KeyOpening(const Provider& provider, const ModelHealth& model, core::MonoTime now,
                     Urgency urgency) const;
  std::uint32_t ChooseKey(const Provider& provider, const ModelHealth& model, core::MonoTime now,
                          Urgency urgency, Draw& draw) const;
  KeyHealth& Key(const Permit& permit) const {
    return *providers_[permit.provider].keys[permit.key];
  }

  RetryOptions retry_;
  BreakerOptions breaker_;
  BreakerOptions key_breaker_;
  std::vector<Provider> providers_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace signalbox::execution
