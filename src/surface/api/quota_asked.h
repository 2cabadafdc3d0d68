// From a question to the quota's settings: who asks, what a subject is called.
//
// Owner: nobody, they are functions. Threads: the pool's. Errors: kUnavailable where there are no
// settings. Cancel: nothing to undo.
#pragma once

#include "pipeline/quota/settings.h"
#include "surface/api/asked.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"
#include "surface/api/noted.h"

namespace signalbox::api {

core::Result<quota::Settings*> SettingsOf(const Asked& asked);

inline quota::Actor QuotaActorOf(const Asked& asked) {
  return {.principal = asked.principal, .now = {.wall = asked.now, .mono = core::MonoNow()}};
}

// Notes a change of a row of `tenant`; empty: the installation's.
inline core::Status NoteRow(const Asked& asked, std::string_view action, const std::string& tenant,
                            const std::string& id, std::string before, std::string after) {
  Deed deed = DeedOf(asked, action);
  deed.tenant = request::TenantId::Parse(tenant).value_or(request::TenantId());
  deed.subject = id;
  deed.before = std::move(before);
  deed.after = std::move(after);
  return Note(asked, std::move(deed));
}

// What limits and budgets hold for.
struct SubjectForm {
  quota::SubjectKind kind = quota::SubjectKind::kTotal;
  std::string name;

  static const config::Table<SubjectForm>& Members();
  quota::SubjectName ToName() const { return {.kind = kind, .name = name}; }
};

struct QuotaListForm {
  std::string after;
  std::uint32_t limit = 50;

  static const config::Table<QuotaListForm>& Members();
};

}  // namespace signalbox::api
