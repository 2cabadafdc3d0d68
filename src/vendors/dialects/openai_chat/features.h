// What a request of another dialect may hold when OpenAI Chat is asked.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::openai_chat {

const wire::FeatureTable& Features();

// Models of OpenAI's that think before they answer: they know max_completion_tokens alone, and an
// effort. With or without the vendor's name in front.
bool IsReasoningModel(std::string_view model);

// Models of OpenAI's that do not, and refuse to be told how hard they should.
bool IsPlainModel(std::string_view model);

}  // namespace signalbox::openai_chat
