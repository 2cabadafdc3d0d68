// What an upstream of OpenAI Responses can be asked for.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::openai_responses {

const wire::FeatureTable& Features();

}  // namespace signalbox::openai_responses
