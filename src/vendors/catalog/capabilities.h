// What a model can do and in which words it takes a request, as far as anybody said so.
//
// Owner:   a Model, or FamilyOf's table. Threads: read only once made.
// Errors:  ReadCapability says which word it cannot read. Cancel: nothing to undo.
//
// Three answers: it can, it cannot, nobody knows. What is not known is tried: only what a model is
// known to lack is refused or left out of a translated request.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::catalog {

enum class Ability : std::uint8_t {
  // What it does beyond text in, text out.
  kTools,
  kParallelTools,
  kVision,
  kPdf,
  kAudioInput,
  kAudioOutput,
  kVideoInput,
  kImageOutput,
  kJsonSchema,
  kReasoning,
  kPromptCache,
  kWebSearch,
  kComputerUse,
  // What a request to it may say.
  kSampling,         // temperature, top_p, top_k, penalties
  kBothTopP,         // temperature and top_p at once
  kEffort,           // how hard to think, in a word
  kBudget,           // how long to think, in tokens
  kJsonObject,       // JSON without a schema
  kFullSchema,       // schemas as they stand, not in the vendor's own subset
  kResultMedia,      // media in a tool's result
  kCompletionBound,  // max_completion_tokens alone, not max_tokens
};
inline constexpr std::size_t kAbilities = 21;
// The bits of those that it does.
inline constexpr std::uint32_t kSkills = (1U << static_cast<unsigned>(Ability::kSampling)) - 1;

// How hard to think, from least to most.
enum class Effort : std::uint8_t { kNone, kMinimal, kLow, kMedium, kHigh, kXhigh, kMax };
inline constexpr std::size_t kEfforts = 7;

std::string_view Name(Ability ability);
std::string_view Name(Effort effort);
std::optional<Ability> FindAbility(std::string_view name);
std::optional<Effort> FindEffort(std::string_view name);

struct Capabilities {
  std::uint32_t can = 0;           // a bit for each ability
  std::uint32_t cannot = 0;        // likewise; no bit is in both
  std::uint8_t efforts = 0;        // a bit for each that it takes; 0: not known
  std::uint32_t least_budget = 0;  // tokens to think with
  std::uint32_t most_budget = 0;   // 0: not known

  bool Can(Ability ability) const { return (can & Bit(ability)) != 0; }
  bool Lacks(Ability ability) const { return (cannot & Bit(ability)) != 0; }
  bool Takes(Effort effort) const { return (efforts >> static_cast<unsigned>(effort) & 1U) != 0; }
  // Whether it is known that nobody can tell it to think.
  bool LacksThinking() const {
    return Lacks(Ability::kReasoning) || (Lacks(Ability::kEffort) && Lacks(Ability::kBudget));
  }
  bool empty() const { return *this == Capabilities{}; }

  void Add(Ability ability) {
    can |= Bit(ability);
    cannot &= ~Bit(ability);
  }
  void Deny(Ability ability) {
    cannot |= Bit(ability);
    can &= ~Bit(ability);
  }
  void Add(Effort effort) {
    efforts = static_cast<std::uint8_t>(efforts | 1U << static_cast<unsigned>(effort));
  }
  void Deny(Effort effort) {
    efforts = static_cast<std::uint8_t>(efforts & ~(1U << static_cast<unsigned>(effort)));
  }
  // Takes over what is said in `other` and not here.
  void FillFrom(const Capabilities& other);
  // What `newer` says goes before what is said here.
  void ReplaceFrom(const Capabilities& newer);

  // The word to ask it with for `effort`: that one, or the nearest that it takes. A model that
  // cannot be told not to think is told to do it least. A view of `effort` or for ever.
  std::string_view NearestEffort(std::string_view effort) const;

  friend bool operator==(const Capabilities&, const Capabilities&) = default;

 private:
  static constexpr std::uint32_t Bit(Ability ability) {
    return 1U << static_cast<unsigned>(ability);
  }
};

// One of "can=tools,vision", "cannot=json", "efforts=low,high", "budget=128-32768"; nullopt: it is
// none of these.
std::optional<core::Status> ReadCapability(std::string_view key, std::string_view value,
                                           Capabilities& out);
// The same words, each with a space in front.
std::string CapabilityText(const Capabilities& capabilities);
// "tools,vision", "low,high": what `bits` stand for.
std::string AbilityList(std::uint32_t bits, std::string_view between = ",");
std::string EffortList(std::uint8_t bits, std::string_view between = ",");

}  // namespace signalbox::catalog
