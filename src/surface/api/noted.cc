#include "surface/api/noted.h"

namespace signalbox::api {

Deed DeedOf(const Asked& asked, std::string_view action) {
  return {.at = asked.now,
          .request = asked.id,
          .who = asked.principal.id,
          .tenant = {},
          .action = std::string(action),
          .subject = {},
          .before = {},
          .after = {}};
}

core::Status Note(const Asked& asked, Deed deed) {
  if (!asked.services.note || deed.before == deed.after) {
    return {};
  }
  auto noted = asked.services.note(deed);
  if (!noted) {
    return std::unexpected(
        std::move(noted).error().At("it is done, but could not be put into the audit trail"));
  }
  return noted;
}

}  // namespace signalbox::api
