// What other vendors want back unchanged with a thought, in the one field that a Gemini client
// hands back without looking: thoughtSignature, which is Base64, and which some clients write again
// in the alphabet for URLs.
//
// Owner: the caller. Threads: any.
// Errors: none; a text that is no seal is Google's own.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "vendors/chat/part.h"

namespace signalbox::gemini {

// chat::Reasoning::format of what Google signed.
inline constexpr std::string_view kFormat = "google-gemini-v1";

// Whether a body holds a seal.
bool HoldsSeal(std::string_view body);

// The thoughtSignature of a thought: its own when Google made it, else a seal; empty when it has
// nothing to hand back.
std::string SignatureOf(const chat::Reasoning& thought);
// Puts a thoughtSignature where it came from.
void SetSignature(std::string signature, chat::Reasoning& thought);

}  // namespace signalbox::gemini
