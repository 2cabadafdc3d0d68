// Changes on their way into the audit trail, and ids on their way out of a path.
//
// Owner: nobody, they are functions. Threads: the pool's.
// Errors: Note's are the trail's: what was done is done, and the answer says that it was not noted.
// Cancel: nothing to undo.
#pragma once

#include <fmt/format.h>

#include "surface/api/asked.h"

namespace signalbox::api {

Deed DeedOf(const Asked& asked, std::string_view action);
// Nothing is noted of what changed nothing.
core::Status Note(const Asked& asked, Deed deed);

// The id that stands in the path; what is no id is not found.
template <typename Id>
core::Result<Id> PathId(const Asked& asked, std::size_t place, std::string_view noun) {
  const auto id = Id::Parse(asked.parameters.at(place));
  if (!id) {
    return core::Fail(core::ErrorCode::kNotFound, fmt::format("there is no such {}", noun));
  }
  return *id;
}

}  // namespace signalbox::api
