// Users: people, and services that come with an issuer's token.
#include "surface/api/all_routes.h"
#include "surface/api/identity_asked.h"

namespace signalbox::api {
namespace {

using config::Table;
using identity::UserId;
using net::Method;
using request::Role;

constexpr const char* kRole = "No key of theirs has a higher one.";

struct UserView {
  UserId id;
  request::TenantId tenant;
  std::string name;
  std::string email;
  Role role = Role::kMember;
  bool active = true;
  std::string issuer;
  std::string subject;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const Table<UserView>& Members() {
    static const auto table =
        Table<UserView>("User", "Somebody, or a service, that keys and tokens belong to.")
            .Add("id", &UserView::id, {.doc = "Its id."})
            .Add("tenant", &UserView::tenant, {.doc = "Its tenant."})
            .Add("name", &UserView::name, {.doc = "For people."})
            .Add("email", &UserView::email, {.doc = "Where to write to; may be empty."})
            .Add("role", &UserView::role, {.doc = kRole, .names = RoleWords()})
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

struct NewUserForm {
  std::string name;
  std::string email;
  Role role = Role::kMember;
  std::string issuer;
  std::string subject;

  static const Table<NewUserForm>& Members() {
    static const auto table =
        Table<NewUserForm>("NewUser", "A user to make.")
            .Add("name", &NewUserForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName, .required = true})
            .Add("email", &NewUserForm::email, {.doc = "Where to write to.", .max = 254})
            .Add("role", &NewUserForm::role, {.doc = kRole, .names = RoleWords()})
            .Add("issuer", &NewUserForm::issuer,
                 {.doc = "Of their tokens, with subject; both or neither.", .max = 500})
            .Add("subject", &NewUserForm::subject,
                 {.doc = "Who they are to the issuer.", .max = 500});
    return table;
  }
};

struct UserPatchForm {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<Role> role;
  std::optional<bool> active;

  static const Table<UserPatchForm>& Members() {
    static const auto table =
        Table<UserPatchForm>("UserPatch", "What is to be different; the rest stays.")
            .Add("version", &UserPatchForm::version, {.doc = std::string(kVersionDoc)})
            .Add("name", &UserPatchForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName})
            .Add("email", &UserPatchForm::email, {.doc = "Where to write to.", .max = 254})
            .Add("role", &UserPatchForm::role, {.doc = kRole, .names = RoleWords()})
            .Add("active", &UserPatchForm::active,
                 {.doc = "When false, nothing of theirs is taken."});
    return table;
  }
};

core::Result<UserId> IdOf(const Asked& asked) {
  return PathId<UserId>(asked, 0, "user");
}

core::Result<Created<UserView>> CreateUser(const Asked& asked, const NewUserForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto change, service->users().Create(ActorOf(asked), {.name = form.name,
                                                                     .email = form.email,
                                                                     .role = form.role,
                                                                     .issuer = form.issuer,
                                                                     .subject = form.subject}));
  SB_TRY(auto view, ShowChange<UserView>(asked, "user.create", change));
  return Created<UserView>{std::move(view)};
}

core::Result<Page<UserView>> ListUsers(const Asked& asked, const ListForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto page, service->users().List(ActorOf(asked), form.ToQuery()));
  return PageOf<UserView>(page);
}

core::Result<UserView> GetUser(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto user, service->users().Get(ActorOf(asked), id));
  return UserView::Of(user);
}

core::Result<UserView> UpdateUser(const Asked& asked, const UserPatchForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto change, service->users().Update(ActorOf(asked), id,
                                                    {.version = form.version,
                                                     .name = form.name,
                                                     .email = form.email,
                                                     .role = form.role,
                                                     .active = form.active}));
  return ShowChange<UserView>(asked, "user.update", change);
}

core::Result<Done> DeleteUser(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto change, service->users().Remove(ActorOf(asked), id));
  SB_CHECK_OK(ShowChange<UserView>(asked, "user.delete", change));
  return Done{};
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/users", Rule::Of(Role::kAdmin), "createUser", "Makes a user.",
     Takes<&CreateUser>()},
    {Method::kGet, "/api/users", Rule::Of(Role::kOperator), "listUsers", "The tenant's users.",
     Reads<&ListUsers>()},
    {Method::kGet, "/api/users/{id}", Rule::Of(Role::kViewer), "getUser",
     "One user; of themselves anybody may ask.", Finds<&GetUser>()},
    {Method::kPatch, "/api/users/{id}", Rule::Of(Role::kViewer), "updateUser",
     "Changes what was sent of a user; of themselves anybody may change the name.",
     Takes<&UpdateUser>()},
    {Method::kDelete, "/api/users/{id}", Rule::Of(Role::kAdmin), "deleteUser",
     "Removes a user; their keys are revoked.", Finds<&DeleteUser>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes UserRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
