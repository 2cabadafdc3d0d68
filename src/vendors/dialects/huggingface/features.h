// What HuggingFace's text generation can be asked for.
//
// Owner: a static table. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/dialects/wire/feature.h"

namespace signalbox::huggingface {

const wire::FeatureTable& Features();

}  // namespace signalbox::huggingface
