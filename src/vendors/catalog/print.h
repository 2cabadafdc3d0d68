// Models as people and programs read them: `signalbox models show` and `list --json`.
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

// Everything about one model, a line each.
std::string ShowText(const Catalog::Listed& listed, When when);

// The same as one JSON object, all its prices included.
void ShowJson(const Catalog::Listed& listed, When when, json::Writer& out);

}  // namespace signalbox::catalog
