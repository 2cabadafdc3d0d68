// The models that can be asked for, in the form of whoever asks: OpenAI's, Anthropic's, Gemini's,
// Mistral's or Ollama's list.
//
// Pure. Errors: none. Source: the vendors' API references.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/request/target.h"

namespace signalbox::api {

enum class ListForm : std::uint8_t { kOpenAi, kAnthropic, kGemini, kMistral, kOllama };

std::string ModelList(const request::Targets& targets, ListForm form);
// One of them; nullopt: none of that name is listed.
std::optional<std::string> ModelEntry(const request::Targets& targets, std::string_view id,
                                      ListForm form);

}  // namespace signalbox::api
