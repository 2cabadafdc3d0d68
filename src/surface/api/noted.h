// Changes on their way into the audit trail, and ids on their way out of a path.
//
// Owner:   the handler; a Note lives as long as the call that makes the change.
// Threads: the pool's; Tell and Failed that of the transaction.
// Errors:  Tell's: the trail cannot take it, so the change must not be made.
// Cancel:  nothing to undo.
#pragma once

#include <fmt/format.h>

#include "surface/api/asked.h"

namespace signalbox::api {

// One change as the trail is told of it.
class Note {
 public:
  Note(const Asked& asked, std::string_view action);

  // What the change is, before it is made. Nothing is noted of what changes nothing.
  core::Status Tell(const request::TenantId& tenant, std::string subject, std::string before,
                    std::string after);
  // It was told, and then it was not made.
  void Failed(const core::Error& why);

  const Asked& asked() const { return asked_; }

 private:
  const Asked& asked_;
  Deed deed_;
  bool told_ = false;
};

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
