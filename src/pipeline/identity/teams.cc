#include "base/core/random.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/groups.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

using request::Role;

core::Result<Team> FindTeam(store::Reader& reader, const Scope& scope, TeamId id) {
  return ReadOne<Team>(
      reader, "SELECT " SB_TEAM_COLUMNS " FROM identity_teams WHERE tenant = $1 AND id = $2",
      {scope.tenant, id.Text()}, ReadTeam, "team");
}

core::Status StoreTeam(store::Transaction& transaction, const Scope& scope, Team& team,
                       core::WallTime now) {
  SB_TRY(const std::int64_t stored,
         transaction.Run(
             "UPDATE identity_teams SET name = $4, changed = $5, version = version + 1 "
             "WHERE tenant = $1 AND id = $2 AND version = $3",
             {scope.tenant, team.id.Text(), team.stamp.version, team.name, Nanoseconds(now)}));
  if (stored == 0) {
    return Conflict("team");
  }
  team.stamp.changed = now;
  ++team.stamp.version;
  return {};
}

}  // namespace

core::Result<Change<Team>> Teams::Create(const Actor& actor, const NewTeam& wanted) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  SB_CHECK_OK(CheckText(wanted.name, "name"));
  core::Random random;
  const Team team{.id = TeamId::New(actor.now, random),
                  .tenant = IdOf<TenantId>(scope.tenant),
                  .name = wanted.name,
                  .stamp = {.created = actor.now, .changed = actor.now, .version = 1}};
  return desk_.Write<Team>(
      actor, ChangeKind::kTeam, team.id.Text(),
      [&](store::Transaction& transaction) -> core::Result<Change<Team>> {
        SB_CHECK_OK(CheckTenant(transaction, scope));
        SB_CHECK_OK(transaction.Run(
            "INSERT INTO identity_teams (id, tenant, name, created, changed, version) "
            "VALUES ($1, $2, $3, $4, $4, 1)",
            {team.id.Text(), scope.tenant, team.name, Nanoseconds(actor.now)}));
        return Change<Team>{.before = {}, .after = team};
      });
}

core::Result<Team> Teams::Get(const Actor& actor, TeamId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return FindTeam(desk_.sql(), scope, id);
}

core::Result<Page<Team>> Teams::List(const Actor& actor, const ListQuery& query) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_TRY(const Window window, WindowOf(query));
  return ReadPage<Team>(
      desk_.sql(), window,
      "SELECT " SB_TEAM_COLUMNS
      " FROM (SELECT * FROM identity_teams WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3) "
      "AS seen WHERE ($5 IS NULL OR lower(name) LIKE $5 ESCAPE '!') ORDER BY id LIMIT $4",
      "SELECT id FROM identity_teams WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT 1 OFFSET $3",
      scope.tenant, {}, ReadTeam);
}

core::Result<Change<Team>> Teams::Update(const Actor& actor, TeamId id, const TeamPatch& patch) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  return desk_.Write<Team>(actor, ChangeKind::kTeam, id.Text(),
                           [&](store::Transaction& transaction) -> core::Result<Change<Team>> {
                             SB_TRY(const Team before, FindTeam(transaction, scope, id));
                             if (patch.version && *patch.version != before.stamp.version) {
                               return Conflict("team");
                             }
                             Team after = before;
                             after.name = patch.name.value_or(before.name);
                             SB_CHECK_OK(CheckText(after.name, "name"));
                             SB_CHECK_OK(StoreTeam(transaction, scope, after, actor.now));
                             return Change<Team>{.before = before, .after = after};
                           });
}

core::Result<Change<Team>> Teams::Remove(const Actor& actor, TeamId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  const std::string text = id.Text();
  return desk_.Write<Team>(
      actor, ChangeKind::kTeam, text,
      [&](store::Transaction& transaction) -> core::Result<Change<Team>> {
        SB_TRY(Team before, FindTeam(transaction, scope, id));
        SB_CHECK_OK(transaction.Run("DELETE FROM identity_members WHERE tenant = $1 AND team = $2",
                                    {scope.tenant, text}));
        SB_CHECK_OK(transaction.Run("DELETE FROM identity_teams WHERE tenant = $1 AND id = $2",
                                    {scope.tenant, text}));
        return Change<Team>{.before = std::move(before), .after = {}};
      });
}

}  // namespace signalbox::identity
