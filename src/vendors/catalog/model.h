// A row of the catalogue: one model at one provider.
//
// Owner:   a Sheet, or whoever made it. Threads: read only once made. Errors: none.
// Cancel:  nothing to undo.
//
// Zero and empty mean unknown everywhere but in prices, where zero means free.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/catalog/capabilities.h"
#include "vendors/catalog/price.h"
#include "vendors/chat/usage.h"

namespace signalbox::catalog {

// What a model is called for.
enum class Mode : std::uint8_t {
  kChat,
  kResponses,   // by OpenAI's Responses alone
  kCompletion,  // a prompt in, its continuation out
  kEmbedding,
  kRerank,
  kImage,
  kTranscription,
  kSpeech,
  kRealtime,
  kVideo,
  kModeration,
  kOther,
};

enum class Class : std::uint8_t { kUnknown, kLow, kMedium, kHigh };  // of speed or quality
enum class Privacy : std::uint8_t { kUnknown, kCloud, kLocal };

std::string_view Name(Mode mode);
std::string_view Name(Class grade);
std::string_view Name(Privacy privacy);
std::optional<Mode> FindMode(std::string_view name);
std::optional<Class> FindClass(std::string_view name);
std::optional<Privacy> FindPrivacy(std::string_view name);

struct Model {
  std::string provider;
  std::string id;       // as the provider knows it
  std::string dialect;  // that it is spoken to in: "openai_chat", "anthropic", …
  Mode mode = Mode::kChat;
  std::uint32_t context = 0;     // most tokens of a prompt
  std::uint32_t max_output = 0;  // most tokens of an answer
  Capabilities capabilities;
  Class speed = Class::kUnknown;
  Class quality = Class::kUnknown;
  Privacy privacy = Privacy::kUnknown;
  std::string region;
  std::optional<std::chrono::sys_days> ends;  // the day the vendor takes it down
  std::vector<Price> prices;                  // by their first day

  bool Can(Ability ability) const { return capabilities.Can(ability); }

  // The price that held at `when`. Before the first day that a price is known for, that first one
  // is the best statement there is. null: no price is known.
  const Price* PriceAt(std::chrono::system_clock::time_point when) const;

  // What a call cost that began at `when`; nullopt when that cannot be known.
  std::optional<NanoUsd> CostOf(const chat::Usage& usage,
                                std::chrono::system_clock::time_point when,
                                ServiceTier tier = ServiceTier::kStandard) const;
};

// "2026-08-01" and back; nullopt: no such day, or outside of 1970 to 2199.
std::optional<std::chrono::sys_days> ReadDay(std::string_view text);
std::string DayText(std::chrono::sys_days day);

}  // namespace signalbox::catalog
