// Models as people and programs read them: `signalbox models list` and `show`.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// What is not known says 'unknown', in words and in JSON. Prices are text in JSON too, so that no
// reader makes a binary fraction of them.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "base/json/writer.h"
#include "vendors/catalog/catalog.h"

namespace signalbox::catalog {

using When = std::chrono::system_clock::time_point;  // the prices that hold then

// A line per model, with a head, in columns: model, mode, context, input, cached, output, since.
// `width`: columns of the terminal, 0 for no limit; what is too wide loses columns from the right.
std::string ListText(std::span<const Catalog::Listed> models, When when, std::size_t width = 0);

// Everything about one model, a line each.
std::string ShowText(const Catalog::Listed& listed, When when);

// The same as one JSON object, all its prices included.
void ShowJson(const Catalog::Listed& listed, When when, json::Writer& out);

}  // namespace signalbox::catalog
