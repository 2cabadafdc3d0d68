// A model as a line of text, both ways. The format is described in models/README.md:
//
//   gpt-4o chat context=128000 max_output=16384 can=tools,vision from=2026-08-01 input=2.5
//   output=10
//
// Owner:   the caller. Threads: any. Cancel: nothing to undo.
// Errors:  kInvalidRequest that names the word that cannot be read.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "vendors/catalog/model.h"

namespace signalbox::catalog {

// `model` comes with what its provider's line says; the row's words replace and add to it.
core::Status ReadRow(std::string_view line, Model& model);

// One line without its end: what ReadRow makes the same model of, its provider's words given.
std::string RowText(const Model& model);

// One of the words of a provider's line after its name: "dialect=… privacy=cloud".
core::Status ReadProviderWord(std::string_view word, Model& model);

// Whether `text` can stand as a name in a row: no spaces, no mark of the format, not its keyword.
bool IsPlainWord(std::string_view text);

// Takes the next word off the front of `rest`; empty at the end.
std::string_view TakeWord(std::string_view& rest);

}  // namespace signalbox::catalog
