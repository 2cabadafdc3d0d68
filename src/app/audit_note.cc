#include "app/audit_note.h"

#include "base/json/writer.h"
#include "base/telemetry/log.h"
#include "surface/api/user_view.h"

namespace signalbox::app {

ledger::AuditEntry EntryOf(const api::Deed& deed) {
  ledger::AuditEntry entry;
  entry.action = deed.action;
  entry.entity_type = deed.action.substr(0, deed.action.find('.'));
  entry.entity_id = deed.subject;
  entry.user_id = deed.who;
  entry.tenant = deed.tenant;
  json::Writer writer(entry.details);
  writer.BeginObject();
  if (deed.request != core::RequestId()) {
    writer.Key("request").String(deed.request.Text());
  }
  if (!deed.before.empty()) {
    writer.Key("before").Raw(deed.before);
  }
  if (!deed.after.empty()) {
    writer.Key("after").Raw(deed.after);
  }
  if (!deed.failure.empty()) {
    entry.severity = ledger::Severity::kWarning;
    writer.Key("outcome").String("failed").Key("reason").String(deed.failure);
  }
  writer.EndObject();
  return entry;
}

core::Status FirstSight::Before(Told told) {
  const auto* const* change = std::get_if<const request::Change<identity::User>*>(&told);
  if (change == nullptr || !(*change)->after) {
    return core::Fail(core::ErrorCode::kInternal, "nobody is made");
  }
  const identity::User& user = *(*change)->after;
  deed_.tenant = user.tenant;
  deed_.action = "user.create";
  deed_.subject = user.id.Text();
  deed_.after = api::JsonOf(api::UserView::Of(user));
  deed_.failure.clear();
  if (const auto noted = note_(deed_); !noted) {
    return core::Fail(
        core::ErrorCode::kUnavailable,
        "you are not known here yet, and the audit trail, which has to be told of new "
        "users, cannot be written: " +
            noted.error().message);
  }
  return {};
}

void FirstSight::Failed(const core::Error& why) {
  deed_.failure = why.message;
  if (const auto noted = note_(deed_); !noted) {
    telemetry::Log(telemetry::Level::kError,
                   "the audit trail tells of a user who was not made, and cannot be told so",
                   {{"user", deed_.subject}, {"error", noted.error().message}});
  }
}

}  // namespace signalbox::app
