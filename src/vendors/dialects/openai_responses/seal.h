// What other vendors sign, carried through a client of this dialect and back: a thought's signature
// in encrypted_content, a call's in extra_content, marked so that it is never sent to OpenAI.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::openai_responses {

// For encrypted_content; empty when there is nothing that must come back.
std::string Sealed(const chat::Reasoning& thought);

// Takes what Sealed wrote out of `thought.redacted`; false when it is of another make, and stays.
bool Unseal(chat::Reasoning& thought);

// {"google":{"thought_signature":…}}: empty when it is of another form.
std::string CallSignature(const json::Value& extra_content);
void RenderCallSignature(const std::string& signature, json::Writer& out);

}  // namespace signalbox::openai_responses
