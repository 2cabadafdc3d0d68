// For whom a call counts: the one answer of the hot path and of the book.
//
// Owner: values. Threads: any. Errors: none; more than fit are left out. Cancel: nothing to undo.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "pipeline/quota/allowance.h"
#include "pipeline/request/attribution.h"

namespace signalbox::quota {

inline constexpr std::size_t kMostWho = kMostParties + 2 + kMostTags;
inline constexpr std::size_t kMostWhere = 4;
inline constexpr std::size_t kMostName = 255;  // of a provider and model together

// Subjects, each once.
template <std::size_t most>
class Subjects {
 public:
  void Clear(std::uint32_t keep = 0) { count_ = keep; }
  void Add(Subject* subject, std::size_t room = most) {
    if (subject != nullptr && count_ < room && std::ranges::find(all(), subject) == all().end()) {
      subjects_[count_++] = subject;
    }
  }
  std::uint32_t size() const { return count_; }
  std::span<Subject* const> all() const { return {subjects_.data(), count_}; }

 private:
  std::uint32_t count_ = 0;
  std::array<Subject*, most> subjects_;
};

template <std::size_t most>
void AddLabels(Registry& registry, const core::Uuid& tenant, const request::Labels& labels,
               Subjects<most>& subjects) {
  if (!labels.end_user.empty()) {
    subjects.Add(registry.Holding({SubjectKind::kEndUser, tenant, labels.end_user}), kMostWho);
  }
  if (!labels.agent.empty()) {
    subjects.Add(registry.Holding({SubjectKind::kAgent, tenant, labels.agent}), kMostWho);
  }
  std::string_view tags = labels.tags;
  for (std::size_t i = 0; i < kMostTags && !tags.empty(); ++i) {
    if (const std::string_view tag = NextTag(tags); !tag.empty()) {
      subjects.Add(registry.Holding({SubjectKind::kTag, tenant, tag}), kMostWho);
    }
  }
}

// The provider, the user there, the model by its name and by `provider/name`.
template <std::size_t most>
void AddPlaces(Registry& registry, const core::Uuid& payer, std::string_view provider,
               std::string_view model, Subjects<most>& subjects) {
  subjects.Add(registry.Holding({SubjectKind::kProvider, {}, provider}));
  if (payer != core::Uuid{}) {
    subjects.Add(registry.Holding({SubjectKind::kProviderUser, payer, provider}));
  }
  if (!registry.Holds(SubjectKind::kModel)) {
    return;
  }
  subjects.Add(registry.Holding({SubjectKind::kModel, {}, model}));
  std::array<char, kMostName> name;
  const std::size_t size = provider.size() + 1 + model.size();
  if (size <= name.size()) {
    char* end = std::ranges::copy(provider, name.data()).out;
    *end++ = '/';
    std::ranges::copy(model, end);
    subjects.Add(registry.Holding({SubjectKind::kModel, {}, {name.data(), size}}));
  }
}

}  // namespace signalbox::quota
