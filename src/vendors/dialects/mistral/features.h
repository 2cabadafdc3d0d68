// What a request may hold when Mistral is asked.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::mistral {

const wire::FeatureTable& Features();

}  // namespace signalbox::mistral
