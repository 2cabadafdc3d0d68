// What a request may hold that Gemini and Vertex AI can be asked for.
//
// Owner: static tables. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/wire/feature.h"

namespace signalbox::gemini {

const wire::FeatureTable& FeaturesAt(Host host);

}  // namespace signalbox::gemini
