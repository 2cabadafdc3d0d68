#include "app/audit_note.h"

#include "base/json/writer.h"

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
  writer.EndObject();
  return entry;
}

}  // namespace signalbox::app
