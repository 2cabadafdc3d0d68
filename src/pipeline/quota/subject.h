// One thing that limits and budgets apply to: a key, a user, a provider, an agent of a tenant, …
//
// Owner:   the Registry, for the process's life; so a Subject* is kept without a hold on it.
// Threads: any; what workers read is atomic. Written by the registry's control thread.
// Errors:  none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/ids.h"
#include "pipeline/quota/budget.h"
#include "pipeline/quota/meter.h"
#include "pipeline/quota/pushed_list.h"

namespace signalbox::quota {

enum class SubjectKind : std::uint8_t {
  kTotal,   // the installation
  kTenant,  // by id, as the next four
  kTeam,
  kUser,
  kKey,
  kProject,
  kEndUser,       // of a tenant's application, by its own name for them; by tenant and name
  kAgent,         // by tenant and name
  kTag,           // by tenant and name
  kProvider,      // by name
  kModel,         // by name, or `provider/name`
  kProviderUser,  // a user at a provider: by id and name
};
inline constexpr std::size_t kSubjectKinds = 12;
std::string_view Name(SubjectKind kind);
core::Result<SubjectKind> FindSubjectKind(std::string_view name);

struct SubjectKey {
  SubjectKind kind = SubjectKind::kTotal;
  core::Uuid id;  // of itself, or of its tenant; zero: none
  std::string_view name;

  friend bool operator==(const SubjectKey&, const SubjectKey&) = default;
};
std::uint64_t HashOf(const SubjectKey& key);

// Both meters of each resource, and what each holds for.
enum class Rate : std::uint8_t {
  kRequestsPerMinute,
  kRequestsPerHour,
  kTokensPerMinute,
  kTokensPerHour,
};
inline constexpr std::size_t kRates = 4;
inline constexpr std::array<std::int64_t, kRates> kPeriods = {kMinute, kHour, kMinute, kHour};
std::string_view UnitOf(Rate rate);  // "requests per minute"

struct alignas(64) LimitSet {
  std::array<Meter, kRates> meters;

  Meter& Of(Rate rate) { return meters[static_cast<std::size_t>(rate)]; }
};

struct alignas(64) Subject {
  Subject(const SubjectKey& key, std::uint64_t h)
      : hash(h), kind(key.kind), id(key.id), name(key.name) {}
  ~Subject();
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  SubjectKey key() const { return {kind, id, name}; }
  // For people: "key key_0190…", "provider openai". Never an end user's name.
  std::string Text() const;
  // The same for programs, and back by ReadSubject: "key:0190…:", "agent:0190…:writer".
  std::string Code() const;

  // What holds: a bit for each Rate, and those below.
  static constexpr std::uint32_t kRequests = 0b0011;
  static constexpr std::uint32_t kTokens = 0b1100;
  static constexpr std::uint32_t kConcurrent = 1U << 4U;
  static constexpr std::uint32_t kBudgets = 1U << 5U;
  static constexpr std::uint32_t kPerRequest = 1U << 6U;
  static constexpr std::uint32_t kKnownPrices = 1U << 7U;  // for what one request may cost
  static constexpr std::uint32_t kShared = 1U << 8U;       // its rates, with other replicas

  const std::uint64_t hash;
  std::atomic<std::uint32_t> holds{0};
  std::atomic<std::int32_t> running{0};  // requests under way
  std::atomic<std::int32_t> most_running{0};
  const SubjectKind kind;
  std::atomic<LimitSet*> limits{nullptr};            // never null once a rate holds
  std::atomic<Budget*> budgets{nullptr};             // a list, to which budgets are only added
  std::atomic<std::int64_t> per_request{kNoAmount};  // that one request may cost, 10^-9 dollars
  PushedPlace<Subject> touched_place;
  std::atomic<std::uint32_t> named{0};  // of a tenant: subjects that its callers have named
  const core::Uuid id;
  const std::string name;

  using Touched = PushedList<Subject, &Subject::touched_place>;
};

core::Result<SubjectKind> ReadSubject(std::string_view code, core::Uuid& id, std::string& name);

}  // namespace signalbox::quota
