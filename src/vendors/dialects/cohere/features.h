// What a request of another dialect may hold when Cohere is asked.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::cohere {

const wire::FeatureTable& Features();

}  // namespace signalbox::cohere
