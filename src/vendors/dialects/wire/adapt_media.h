// Media that a vendor cannot be given as they stand, put into a form that it takes.
//
// Owner: the request. Threads: any. Errors: kInvalidRequest that names the part which nobody but
// another vendor can open. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::wire {

// What a document says that is a text and here as bytes; nullopt for every other one.
std::optional<std::string> TextOfDocument(const chat::Media& media);

// For an upstream that is `to`: documents that are texts become texts where it takes no such files.
// `path` is where the parts stand.
core::Status AdaptMedia(std::vector<chat::Part>& parts, const std::string& path, const Dialect& to);

}  // namespace signalbox::wire
