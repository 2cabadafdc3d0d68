#include "pipeline/quota/registry.h"

#include <bit>
#include <cstdlib>
#include <new>

#include "pipeline/quota/shape.h"

namespace signalbox::quota {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::string_view kOthers = "\x01others";  // no caller's name has a control character

std::uint32_t BitOf(SubjectKind kind) {
  return 1U << static_cast<unsigned>(kind);
}

bool NamedByCallers(SubjectKind kind) {
  return kind == SubjectKind::kAgent || kind == SubjectKind::kTag || kind == SubjectKind::kEndUser;
}

}  // namespace

// The table is as large as it will ever be; the system gives pages for what is used of it.
Registry::Registry(std::size_t most, bool shared) : most_(most), shared_(shared) {
  const std::size_t slots = std::bit_ceil(2 * (most + kSubjectKinds));
  mask_ = slots - 1;
  slots_ = static_cast<std::atomic<Subject*>*>(std::calloc(slots, sizeof(std::atomic<Subject*>)));
  if (slots_ == nullptr) {
    throw std::bad_alloc();
  }
  rules_ = all_rules_.emplace_back(std::make_unique<Rules>()).get();
  for (std::size_t i = 0; i < kSubjectKinds; ++i) {
    const SubjectKey key{static_cast<SubjectKind>(i), {}, kOthers};
    others_.push_back(std::make_unique<Subject>(key, HashOf(key)));
  }
  total_ = &FindOrMake({});
}

Registry::~Registry() {
  for (std::size_t i = 0; i <= mask_; ++i) {
    delete slots_[i].load(kRelaxed);
  }
  std::free(slots_);
}

Subject* Registry::Find(const SubjectKey& key) const {
  const std::uint64_t hash = HashOf(key);
  for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
    Subject* subject = slots_[i].load(std::memory_order_acquire);
    if (subject == nullptr || (subject->hash == hash && subject->key() == key)) {
      return subject;
    }
  }
}

Subject* Registry::Holding(const SubjectKey& key) {
  if (!Holds(key.kind)) {
    return nullptr;
  }
  if (Subject* subject = Find(key); subject != nullptr) {
    return subject;
  }
  return rules().Knows(key) ? &FindOrMake(key) : nullptr;
}

bool Registry::TakePlace(const SubjectKey& key) {
  if (NamedByCallers(key.kind)) {
    Subject* tenant = Find({SubjectKind::kTenant, key.id, {}});
    std::atomic<std::uint32_t>& named = tenant == nullptr ? total_->named : tenant->named;
    if (named.load(kRelaxed) >= kMostNamed || named.fetch_add(1, kRelaxed) >= kMostNamed) {
      return false;
    }
  }
  return count_.fetch_add(1, kRelaxed) < most_ || (count_.fetch_sub(1, kRelaxed), false);
}

Subject& Registry::Overflow(const SubjectKey& key) {
  if (key.name != kOthers && NamedByCallers(key.kind) && count_.load(kRelaxed) < most_) {
    return FindOrMake({key.kind, key.id, kOthers});
  }
  return *others_[static_cast<std::size_t>(key.kind)];
}

Subject& Registry::FindOrMake(const SubjectKey& key) {
  if (Subject* subject = Find(key); subject != nullptr) {
    return *subject;
  }
  if (key.name == kOthers) {
    count_.fetch_add(1, kRelaxed);
  } else if (!TakePlace(key)) {
    return Overflow(key);
  }
  auto made = std::make_unique<Subject>(key, HashOf(key));
  ApplyRule(*made, rules().Of(key), 0, shared_);
  return Insert(std::move(made));
}

Subject& Registry::Insert(std::unique_ptr<Subject> made) {
  for (std::size_t i = made->hash & mask_;; i = (i + 1) & mask_) {
    Subject* there = nullptr;
    if (slots_[i].compare_exchange_strong(there, made.get(), std::memory_order_acq_rel,
                                          std::memory_order_acquire)) {
      return *made.release();
    }
    if (there->hash == made->hash && there->key() == made->key()) {
      count_.fetch_sub(1, kRelaxed);  // somebody else was quicker
      return *there;
    }
  }
}

void Registry::Shape(Subject& subject, const Moment& now) {
  Rule rule = rules().Of(subject.key());
  if (const auto setting = settings_.find(&subject); setting != settings_.end()) {
    rule = setting->second.Over(rule);
  }
  ApplyRule(subject, rule, now.mono, shared_);
}

void Registry::MarkKinds(const Rules& rules) {
  for (std::size_t i = 0; i < kSubjectKinds; ++i) {
    const auto kind = static_cast<SubjectKind>(i);
    if (rules.Mentions(kind)) {
      kinds_.fetch_or(BitOf(kind), kRelaxed);
    }
  }
}

void Registry::SetRules(std::unique_ptr<const Rules> rules, const Moment& now) {
  const std::lock_guard lock(control_);
  MarkKinds(*rules);
  rules_.store(rules.get(), std::memory_order_release);
  all_rules_.push_back(std::move(rules));
  Visit([&](Subject& subject) { Shape(subject, now); });
  sweeps_ = 2;  // for who was reading the old ones
}

void Registry::SetSetting(const SubjectKey& key, const Rule& setting, const Moment& now) {
  const std::lock_guard lock(control_);
  kinds_.fetch_or(BitOf(key.kind), kRelaxed);
  Subject& subject = FindOrMake(key);
  if (setting.empty()) {
    settings_.erase(&subject);
  } else {
    settings_[&subject] = setting;
  }
  Shape(subject, now);
}

core::Result<Calendar*> Registry::CalendarFor(Window window, const std::string& zone,
                                              std::int64_t wall) {
  const std::lock_guard lock(control_);
  std::unique_ptr<Calendar>& calendar = calendars_[std::string(Name(window)) + " " + zone];
  if (calendar == nullptr) {
    SB_TRY(const cctz::time_zone known, LoadZone(zone));
    calendar = std::make_unique<Calendar>(window, known, wall);
  }
  return calendar.get();
}

void Registry::Tick(const Moment& now) {
  const std::lock_guard lock(control_);
  for (const auto& [name, calendar] : calendars_) {
    if (calendar != nullptr) {
      calendar->Turn(now.wall);
    }
  }
  if (sweeps_ > 0) {
    --sweeps_;
    Visit([&](Subject& subject) { Shape(subject, now); });
  }
}

void Registry::Visit(const std::function<void(Subject&)>& visit) const {
  for (std::size_t i = 0; i <= mask_; ++i) {
    if (Subject* subject = slots_[i].load(std::memory_order_acquire); subject != nullptr) {
      visit(*subject);
    }
  }
  for (const auto& subject : others_) {
    visit(*subject);
  }
}

void Registry::VisitAlerts(std::int64_t wall,
                           const std::function<void(const Budget&, const BudgetState&)>& visit) {
  for (Budget* budget = alerts().Pop(); budget != nullptr; budget = alerts().Pop()) {
    visit(*budget, budget->StateAt(wall));
  }
}

}  // namespace signalbox::quota
