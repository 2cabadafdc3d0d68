// A user as the management API and the audit trail show one.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "pipeline/identity/nouns.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"

namespace signalbox::api {

inline constexpr const char* kUserRoleDoc = "No key of theirs has a higher one.";

struct UserView {
  identity::UserId id;
  request::TenantId tenant;
  std::string name;
  std::string email;
  request::Role role = request::Role::kMember;
  bool active = true;
  std::string issuer;
  std::string subject;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const config::Table<UserView>& Members() {
    static const auto table =
        config::Table<UserView>("User", "Somebody, or a service, that keys and tokens belong to.")
            .Add("id", &UserView::id, {.doc = "Its id."})
            .Add("tenant", &UserView::tenant, {.doc = "Its tenant."})
            .Add("name", &UserView::name, {.doc = "For people."})
            .Add("email", &UserView::email, {.doc = "Where to write to; may be empty."})
            .Add("role", &UserView::role, {.doc = kUserRoleDoc, .names = RoleWords()})
            .Add("active", &UserView::active, {.doc = "When false, nothing of theirs is taken."})
            .Add("issuer", &UserView::issuer, {.doc = "Of their tokens; empty: they have none."})
            .Add("subject", &UserView::subject, {.doc = "Who they are to the issuer."})
            .Add("created", &UserView::created, {.doc = "When it was made."})
            .Add("changed", &UserView::changed, {.doc = "When it was changed last."})
            .Add("version", &UserView::version, {.doc = "One more with every change."});
    return table;
  }
  static UserView Of(const identity::User& user) {
    return {.id = user.id,
            .tenant = user.tenant,
            .name = user.name,
            .email = user.email,
            .role = user.role,
            .active = user.active,
            .issuer = user.issuer,
            .subject = user.subject,
            .created = {user.stamp.created},
            .changed = {user.stamp.changed},
            .version = user.stamp.version};
  }
  static std::string SubjectOf(const identity::User& user) { return user.id.Text(); }
};

}  // namespace signalbox::api
