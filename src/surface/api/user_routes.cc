// Users: people, and services that come with an issuer's token.
#include "surface/api/all_routes.h"
#include "surface/api/identity_asked.h"
#include "surface/api/user_view.h"

namespace signalbox::api {
namespace {

using config::Table;
using identity::UserId;
using net::Method;
using request::Role;

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
            .Add("role", &NewUserForm::role, {.doc = kUserRoleDoc, .names = RoleWords()})
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
            .Add("role", &UserPatchForm::role, {.doc = kUserRoleDoc, .names = RoleWords()})
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
  Noted<UserView> noted(asked, "user.create");
  SB_TRY(const auto change, service->users().Create(noted.actor(), {.name = form.name,
                                                                    .email = form.email,
                                                                    .role = form.role,
                                                                    .issuer = form.issuer,
                                                                    .subject = form.subject}));
  return Created<UserView>{ViewOf<UserView>(change)};
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
  Noted<UserView> noted(asked, "user.update");
  SB_TRY(const auto change, service->users().Update(noted.actor(), id,
                                                    {.version = form.version,
                                                     .name = form.name,
                                                     .email = form.email,
                                                     .role = form.role,
                                                     .active = form.active}));
  return ViewOf<UserView>(change);
}

core::Result<Done> DeleteUser(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<UserView> noted(asked, "user.delete");
  SB_CHECK_OK(service->users().Remove(noted.actor(), id));
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
