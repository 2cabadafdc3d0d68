// The members that Mistral knows and the canonical form has no field for, by the object that they
// stand in. Of what did not come in Mistral's own form, what is not here is not sent: Mistral
// refuses it.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/raw.h"

namespace signalbox::mistral {

// Whose words a request is in: unknown members of Mistral's own go out, of OpenAI Chat's those that
// Mistral knows, since its users add them by hand, of others none.
enum class Source : std::uint8_t { kForeign, kOpenAi, kOwn };
Source SourceOf(std::string_view dialect);

enum class Place : std::uint8_t { kRequest, kMessage, kPart, kCall, kEmbeddings };

bool Knows(Place place, std::string_view key);

void RenderKnown(Place place, const chat::Extra& extra, Source source, json::Writer& out);

// Takes the paths out of `dropped` that were sent after all: "safe_prompt", "messages[0].prefix".
void KeepKnown(std::vector<std::string>& dropped);

// Whether a content part of this type is one of Mistral's.
bool IsOwnPart(std::string_view type);

}  // namespace signalbox::mistral
