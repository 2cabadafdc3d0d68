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

// A change of the settings that the audit trail is told of: a row as `View` shows it, a credit as
// `form`, the JSON that asked for it.
template <typename View>
class NotedSetting final : public quota::Witness {
 public:
  NotedSetting(const Asked& asked, std::string_view action, std::string form = {})
      : note_(asked, action), form_(std::move(form)) {}

  // Who makes the change.
  quota::Actor actor() {
    const quota::Actor asker = QuotaActorOf(note_.asked());
    return {.principal = asker.principal, .now = asker.now, .witness = this};
  }

  core::Status Before(Told told) override {
    return std::visit([this](const auto* change) { return this->Tell(*change); }, told);
  }
  void Failed(const core::Error& why) override { note_.Failed(why); }

 private:
  static request::TenantId TenantOf(const std::string& text) {  // empty: the installation's
    return request::TenantId::Parse(text).value_or(request::TenantId());
  }
  core::Status Tell(const quota::Change<quota::CreditRow>& change) {
    const quota::BudgetRow& budget = change.after->budget;
    return note_.Tell(TenantOf(budget.tenant), budget.id, "", form_);
  }
  template <typename T>
  core::Status Tell(const quota::Change<T>& change) {
    if constexpr (requires(const T& row) { View::Of(row); }) {
      const T& row = change.after ? *change.after : *change.before;
      return note_.Tell(TenantOf(row.tenant), row.id,
                        change.before ? JsonOf(View::Of(*change.before)) : "",
                        change.after ? JsonOf(View::Of(*change.after)) : "");
    } else {
      return core::Fail(core::ErrorCode::kInternal, "another thing is changed than was asked for");
    }
  }

  Note note_;
  std::string form_;
};

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
