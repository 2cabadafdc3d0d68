// Where `signalbox models refresh` reads a price list from.
//
// Owner: a command, on the main thread; waits for the disk or the network. Cancel: none.
// Errors: kInvalidRequest that says what could not be read.
#pragma once

#include <string>

#include "base/core/error.h"

namespace signalbox::app {

// `from`: a file, "-" for standard input, or an http or https URL.
core::Result<std::string> ReadPriceSource(const std::string& from);

}  // namespace signalbox::app
