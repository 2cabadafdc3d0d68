// What other vendors want back unchanged (signatures, encrypted thoughts, the ids of items), in the
// fields that a client of Anthropic Messages hands back without looking: the signature of a
// thinking block, the data of a redacted one.
//
//   "signalbox:{\"on\":\"thought\",\"signature\":…,\"redacted\":…,\"id\":…,
//    \"format\":…}"
//
// Owner: the caller. Threads: any. Errors: none; a text that is no seal is Anthropic's own.
// Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vendors/chat/part.h"

namespace signalbox::anthropic {

// What a seal belongs to: the thought it stands in, or the part after or before it (Gemini signs
// calls and texts).
enum class SealOn : std::uint8_t { kThought, kNext, kLast };

struct Seal {
  SealOn on = SealOn::kThought;
  std::string signature;
  std::string redacted;
  std::string id;
  std::string format;  // chat::Reasoning::format
};

bool IsSealed(std::string_view text);
std::string SealText(const Seal& seal);
std::optional<Seal> Unseal(std::string_view text);

// The seal of a thought that is not Anthropic's; nullopt when it has nothing to hand back.
std::optional<Seal> SealOf(const chat::Reasoning& thought);

// What is sealed, as a canonical thought with that text. A seal that does not say whose it is, is
// OpenAI's when it has an id, else of a vendor that is not known, and not Anthropic's.
chat::Reasoning ThoughtOf(Seal seal, std::string text);

}  // namespace signalbox::anthropic
