#include "pipeline/identity/groups.h"
#include "pipeline/identity/rows.h"

// Who is in which team.
namespace signalbox::identity {
namespace {

using request::Role;

core::Result<std::optional<Member>> FindMember(store::Reader& reader, const Scope& scope,
                                               TeamId team, UserId user) {
  std::optional<Member> found;
  SB_CHECK_OK(reader.Query(
      "SELECT role FROM identity_members WHERE tenant = $1 AND team = $2 AND member = $3",
      {scope.tenant, team.Text(), user.Text()}, [&](const store::Row& row) -> core::Status {
        found = Member{.team = team, .user = user, .role = ReadRole(row, 0)};
        return {};
      }));
  return found;
}

core::Status CheckTeam(store::Reader& reader, const Scope& scope, TeamId team) {
  SB_CHECK_OK(ReadOne<Team>(
      reader, "SELECT " SB_TEAM_COLUMNS " FROM identity_teams WHERE tenant = $1 AND id = $2",
      {scope.tenant, team.Text()}, ReadTeam, "team"));
  return {};
}

// Admins of the tenant; and whoever is an admin of the team, as far as their credential is not
// bound to less than a member's rights.
core::Status MayChange(store::Reader& reader, const Scope& scope, TeamId team) {
  if (scope.Has(Role::kAdmin)) {
    return {};
  }
  SB_CHECK_OK(Need(scope, Role::kMember));
  if (scope.user() == UserId{}) {
    return Need(scope, Role::kAdmin);
  }
  SB_TRY(const std::optional<Member> own, FindMember(reader, scope, team, scope.user()));
  return own && own->role == Role::kAdmin ? core::Status() : Need(scope, Role::kAdmin);
}

}  // namespace

core::Result<Change<Member>> Teams::SetMember(const Actor& actor, const Member& member) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  const std::string team = member.team.Text();
  const std::string user = member.user.Text();
  return desk_.Write<Member>(
      actor, ChangeKind::kTeam, team,
      [&](store::Transaction& transaction) -> core::Result<Change<Member>> {
        SB_CHECK_OK(CheckTeam(transaction, scope, member.team));
        SB_CHECK_OK(MayChange(transaction, scope, member.team));
        SB_CHECK_OK(ReadOne<User>(transaction,
                                  "SELECT " SB_USER_COLUMNS
                                  " FROM identity_users WHERE tenant = $1 AND id = $2",
                                  {scope.tenant, user}, ReadUser, "user"));
        SB_TRY(auto before, FindMember(transaction, scope, member.team, member.user));
        SB_CHECK_OK(transaction.Run(
            "INSERT INTO identity_members (tenant, team, member, role) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (tenant, team, member) DO UPDATE SET role = excluded.role",
            {scope.tenant, team, user, static_cast<std::int64_t>(member.role)}));
        return Change<Member>{.before = std::move(before), .after = member};
      });
}

core::Result<Change<Member>> Teams::RemoveMember(const Actor& actor, TeamId team, UserId user) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return desk_.Write<Member>(
      actor, ChangeKind::kTeam, team.Text(),
      [&](store::Transaction& transaction) -> core::Result<Change<Member>> {
        SB_CHECK_OK(CheckTeam(transaction, scope, team));
        SB_CHECK_OK(MayChange(transaction, scope, team));
        SB_TRY(auto before, FindMember(transaction, scope, team, user));
        if (!before) {
          return NotFound("member");
        }
        SB_CHECK_OK(transaction.Run(
            "DELETE FROM identity_members WHERE tenant = $1 AND team = $2 AND member = $3",
            {scope.tenant, team.Text(), user.Text()}));
        return Change<Member>{.before = std::move(before), .after = {}};
      });
}

core::Result<std::vector<Member>> Teams::Members(const Actor& actor, TeamId team, UserId after) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(CheckTeam(desk_.sql(), scope, team));
  std::vector<Member> members;
  SB_CHECK_OK(desk_.sql().Query(
      "SELECT member, role FROM identity_members WHERE tenant = $1 AND team = $2 AND member > $3 "
      "ORDER BY member LIMIT 1000",
      {scope.tenant, team.Text(), TextOf(after)}, [&](const store::Row& row) -> core::Status {
        members.push_back(
            {.team = team, .user = IdOf<UserId>(row.Text(0)), .role = ReadRole(row, 1)});
        return {};
      }));
  return members;
}

}  // namespace signalbox::identity
