#include "surface/api/noted.h"

#include "base/telemetry/log.h"

namespace signalbox::api {

Note::Note(const Asked& asked, std::string_view action)
    : asked_(asked),
      deed_{.at = asked.now,
            .request = asked.id,
            .who = asked.principal.id,
            .tenant = {},
            .action = std::string(action),
            .subject = {},
            .before = {},
            .after = {},
            .failure = {}} {}

core::Status Note::Tell(const request::TenantId& tenant, std::string subject, std::string before,
                        std::string after) {
  told_ = false;
  if (!asked_.services.note || before == after) {
    return {};
  }
  deed_.tenant = tenant;
  deed_.subject = std::move(subject);
  deed_.before = std::move(before);
  deed_.after = std::move(after);
  deed_.failure.clear();
  if (const auto noted = asked_.services.note(deed_); !noted) {
    return core::Fail(
        core::ErrorCode::kUnavailable,
        "the change is not made, as the audit trail cannot be written: " + noted.error().message);
  }
  told_ = true;
  return {};
}

void Note::Failed(const core::Error& why) {
  if (!told_) {
    return;
  }
  told_ = false;
  deed_.failure = why.message;
  if (const auto noted = asked_.services.note(deed_); !noted) {
    telemetry::Log(telemetry::Level::kError,
                   "the audit trail tells of a change that was not made, and cannot be told so",
                   {{"request", deed_.request.Text()},
                    {"action", deed_.action},
                    {"error", noted.error().message}});
  }
}

}  // namespace signalbox::api
