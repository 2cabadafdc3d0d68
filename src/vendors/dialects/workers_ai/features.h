// What Workers AI can be asked for.
//
// Owner: a static table. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::workers_ai {

const wire::FeatureTable& Features();

}  // namespace signalbox::workers_ai
