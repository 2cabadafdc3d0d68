// What Ollama can be asked for.
//
// Owner: RenderRequest; a static table. Threads: any. Errors: kInvalidRequest that names the field.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/wire/feature.h"

namespace signalbox::ollama {

const wire::FeatureTable& Features();

// Fails on what must not be left out; collects the paths of what may.
core::Status CheckExpressible(const chat::Request& request, Form form,
                              std::vector<std::string>& dropped);

}  // namespace signalbox::ollama
