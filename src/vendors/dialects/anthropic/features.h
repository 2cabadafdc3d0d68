// What an upstream that speaks Anthropic Messages can be asked for.
//
// Owner: nobody; a table. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::anthropic {

const wire::FeatureTable& Features();

}  // namespace signalbox::anthropic
