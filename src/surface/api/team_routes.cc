// Teams with their members.
#include "surface/api/all_routes.h"
#include "surface/api/identity_asked.h"

namespace signalbox::api {
namespace {

using config::Table;
using identity::TeamId;
using identity::UserId;
using net::Method;
using request::Role;

constexpr std::size_t kMembersAtOnce = 1000;  // as the service gives them

struct TeamView {
  TeamId id;
  request::TenantId tenant;
  std::string name;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const Table<TeamView>& Members() {
    static const auto table =
        Table<TeamView>("Team", "Users whose keys are booked together.")
            .Add("id", &TeamView::id, {.doc = "Its id."})
            .Add("tenant", &TeamView::tenant, {.doc = "Its tenant."})
            .Add("name", &TeamView::name, {.doc = "For people; one of a tenant has it."})
            .Add("created", &TeamView::created, {.doc = "When it was made."})
            .Add("changed", &TeamView::changed, {.doc = "When it was changed last."})
            .Add("version", &TeamView::version, {.doc = "One more with every change."});
    return table;
  }
  static TeamView Of(const identity::Team& team) {
    return {.id = team.id,
            .tenant = team.tenant,
            .name = team.name,
            .created = {team.stamp.created},
            .changed = {team.stamp.changed},
            .version = team.stamp.version};
  }
  static std::string SubjectOf(const identity::Team& team) { return team.id.Text(); }
};

struct NewTeamForm {
  std::string name;

  static const Table<NewTeamForm>& Members() {
    static const auto table =
        Table<NewTeamForm>("NewTeam", "A team to make.")
            .Add("name", &NewTeamForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName, .required = true});
    return table;
  }
};

struct TeamPatchForm {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;

  static const Table<TeamPatchForm>& Members() {
    static const auto table =
        Table<TeamPatchForm>("TeamPatch", "What is to be different; the rest stays.")
            .Add("version", &TeamPatchForm::version, {.doc = std::string(kVersionDoc)})
            .Add("name", &TeamPatchForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName});
    return table;
  }
};

struct MemberView {
  TeamId team;
  UserId user;
  Role role = Role::kMember;

  static const Table<MemberView>& Members() {
    static const auto table =
        Table<MemberView>("Member", "A user in a team.")
            .Add("team", &MemberView::team, {.doc = "The team."})
            .Add("user", &MemberView::user, {.doc = "The user."})
            .Add("role", &MemberView::role,
                 {.doc = "In the team; an admin of it changes its members.", .names = RoleWords()});
    return table;
  }
  static MemberView Of(const identity::Member& member) {
    return {.team = member.team, .user = member.user, .role = member.role};
  }
  static std::string SubjectOf(const identity::Member& member) {
    return fmt::format("{}/{}", member.team.Text(), member.user.Text());
  }
};

struct MemberForm {
  Role role = Role::kMember;

  static const Table<MemberForm>& Members() {
    static const auto table =
        Table<MemberForm>("MemberPut", "A user's place in a team.")
            .Add("role", &MemberForm::role,
                 {.doc = "In the team; an admin of it changes its members.", .names = RoleWords()});
    return table;
  }
};

struct MemberListForm {
  std::string tenant;
  UserId after;

  static const Table<MemberListForm>& Members() {
    static const auto table =
        Table<MemberListForm>("MemberListQuery", "A part of the list of members.")
            .Add("tenant", &MemberListForm::tenant, {.doc = std::string(kTenantDoc)})
            .Add("after", &MemberListForm::after, {.doc = "`next` of the part before."});
    return table;
  }
};

core::Result<TeamId> IdOf(const Asked& asked) {
  return PathId<TeamId>(asked, 0, "team");
}

core::Result<Created<TeamView>> CreateTeam(const Asked& asked, const NewTeamForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  Noted<TeamView> noted(asked, "team.create");
  SB_TRY(const auto change, service->teams().Create(noted.actor(), {.name = form.name}));
  return Created<TeamView>{ViewOf<TeamView>(change)};
}

core::Result<Page<TeamView>> ListTeams(const Asked& asked, const ListForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto page, service->teams().List(ActorOf(asked), form.ToQuery()));
  return PageOf<TeamView>(page);
}

core::Result<TeamView> GetTeam(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto team, service->teams().Get(ActorOf(asked), id));
  return TeamView::Of(team);
}

core::Result<TeamView> UpdateTeam(const Asked& asked, const TeamPatchForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<TeamView> noted(asked, "team.update");
  SB_TRY(const auto change,
         service->teams().Update(noted.actor(), id, {.version = form.version, .name = form.name}));
  return ViewOf<TeamView>(change);
}

core::Result<Done> DeleteTeam(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<TeamView> noted(asked, "team.delete");
  SB_CHECK_OK(service->teams().Remove(noted.actor(), id));
  return Done{};
}

core::Result<Page<MemberView>> ListMembers(const Asked& asked, const MemberListForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto members, service->teams().Members(ActorOf(asked), id, form.after));
  Page<MemberView> page;
  for (const identity::Member& member : members) {
    page.data.push_back(MemberView::Of(member));
  }
  if (members.size() == kMembersAtOnce) {
    page.next = members.back().user.Text();
  }
  return page;
}

core::Result<MemberView> PutMember(const Asked& asked, const MemberForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto team, IdOf(asked));
  SB_TRY(const auto user, PathId<UserId>(asked, 1, "user"));
  Noted<MemberView> noted(asked, "team.member.set");
  SB_TRY(const auto change, service->teams().SetMember(
                                noted.actor(), {.team = team, .user = user, .role = form.role}));
  return ViewOf<MemberView>(change);
}

core::Result<Done> DeleteMember(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto team, IdOf(asked));
  SB_TRY(const auto user, PathId<UserId>(asked, 1, "user"));
  Noted<MemberView> noted(asked, "team.member.remove");
  SB_CHECK_OK(service->teams().RemoveMember(noted.actor(), team, user));
  return Done{};
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/teams", Rule::Of(Role::kAdmin), "createTeam", "Makes a team.",
     Takes<&CreateTeam>()},
    {Method::kGet, "/api/teams", Rule::Of(Role::kViewer), "listTeams", "The tenant's teams.",
     Reads<&ListTeams>()},
    {Method::kGet, "/api/teams/{id}", Rule::Of(Role::kViewer), "getTeam", "One team.",
     Finds<&GetTeam>()},
    {Method::kPatch, "/api/teams/{id}", Rule::Of(Role::kAdmin), "updateTeam", "Renames a team.",
     Takes<&UpdateTeam>()},
    {Method::kDelete, "/api/teams/{id}", Rule::Of(Role::kAdmin), "deleteTeam",
     "Removes a team that no key and no project belongs to.", Finds<&DeleteTeam>()},
    {Method::kGet, "/api/teams/{id}/members", Rule::Of(Role::kViewer), "listMembers",
     "Who is in a team.", Reads<&ListMembers>()},
    {Method::kPut, "/api/teams/{id}/members/{user}", Rule::Of(Role::kMember), "putMember",
     "Puts a user into a team, or gives them another role in it.", Takes<&PutMember>()},
    {Method::kDelete, "/api/teams/{id}/members/{user}", Rule::Of(Role::kMember), "deleteMember",
     "Takes a user out of a team.", Finds<&DeleteMember>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes TeamRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
