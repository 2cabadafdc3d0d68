// What a request of another dialect may hold when OpenAI Chat is asked.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::openai_chat {

const wire::FeatureTable& Features();

}  // namespace signalbox::openai_chat
