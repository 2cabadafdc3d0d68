#include "base/core/random.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/groups.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

using request::Role;

core::Result<Project> FindProject(store::Reader& reader, const Scope& scope, ProjectId id) {
  return ReadOne<Project>(
      reader, "SELECT " SB_PROJECT_COLUMNS " FROM identity_projects WHERE tenant = $1 AND id = $2",
      {scope.tenant, id.Text()}, ReadProject, "project");
}

core::Status StoreProject(store::Transaction& transaction, const Scope& scope, Project& project,
                          core::WallTime now) {
  SB_TRY(
      const std::int64_t stored,
      transaction.Run("UPDATE identity_projects SET name = $4, changed = $5, version = version + 1 "
                      "WHERE tenant = $1 AND id = $2 AND version = $3",
                      {scope.tenant, project.id.Text(), project.stamp.version, project.name,
                       Nanoseconds(now)}));
  if (stored == 0) {
    return Conflict("project");
  }
  project.stamp.changed = now;
  ++project.stamp.version;
  return {};
}

core::Status InsertProject(store::Transaction& transaction, const Scope& scope,
                           const Project& project) {
  const std::string team = TextOf(project.team);
  SB_CHECK_OK(CheckTenant(transaction, scope));
  if (!team.empty()) {
    SB_CHECK_OK(ReadOne<Team>(
        transaction, "SELECT " SB_TEAM_COLUMNS " FROM identity_teams WHERE tenant = $1 AND id = $2",
        {scope.tenant, team}, ReadTeam, "team"));
  }
  SB_CHECK_OK(transaction.Run(
      "INSERT INTO identity_projects (id, tenant, team, name, created, changed, version) "
      "VALUES ($1, $2, $3, $4, $5, $5, 1)",
      {project.id.Text(), scope.tenant, OrNull(team), project.name,
       Nanoseconds(project.stamp.created)}));
  return {};
}

}  // namespace

core::Result<Change<Project>> Projects::Create(const Actor& actor, const NewProject& wanted) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  SB_CHECK_OK(CheckText(wanted.name, "name"));
  core::Random random;
  const Project project{.id = ProjectId::New(actor.now, random),
                        .tenant = IdOf<TenantId>(scope.tenant),
                        .team = wanted.team,
                        .name = wanted.name,
                        .stamp = {.created = actor.now, .changed = actor.now, .version = 1}};
  return desk_.Write<Project>(
      actor, ChangeKind::kProject, project.id.Text(),
      [&](store::Transaction& transaction) -> core::Result<Change<Project>> {
        SB_CHECK_OK(InsertProject(transaction, scope, project));
        return Change<Project>{.before = {}, .after = project};
      });
}

core::Result<Project> Projects::Get(const Actor& actor, ProjectId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return FindProject(desk_.sql(), scope, id);
}

core::Result<Page<Project>> Projects::List(const Actor& actor, const ListQuery& query) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_TRY(const Window window, WindowOf(query));
  return ReadPage<Project>(
      desk_.sql(), window,
      "SELECT " SB_PROJECT_COLUMNS
      " FROM (SELECT * FROM identity_projects WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3) "
      "AS seen WHERE ($5 IS NULL OR lower(name) LIKE $5 ESCAPE '!') ORDER BY id LIMIT $4",
      "SELECT id FROM identity_projects WHERE tenant = $1 AND id > $2 ORDER BY id "
      "LIMIT 1 OFFSET $3",
      scope.tenant, {}, ReadProject);
}

core::Result<Change<Project>> Projects::Update(const Actor& actor, ProjectId id,
                                               const ProjectPatch& patch) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  return desk_.Write<Project>(
      actor, ChangeKind::kProject, id.Text(),
      [&](store::Transaction& transaction) -> core::Result<Change<Project>> {
        SB_TRY(const Project before, FindProject(transaction, scope, id));
        if (patch.version && *patch.version != before.stamp.version) {
          return Conflict("project");
        }
        Project after = before;
        after.name = patch.name.value_or(before.name);
        SB_CHECK_OK(CheckText(after.name, "name"));
        SB_CHECK_OK(StoreProject(transaction, scope, after, actor.now));
        return Change<Project>{.before = before, .after = after};
      });
}

core::Result<Change<Project>> Projects::Remove(const Actor& actor, ProjectId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  return desk_.Write<Project>(
      actor, ChangeKind::kProject, id.Text(),
      [&](store::Transaction& transaction) -> core::Result<Change<Project>> {
        SB_TRY(Project before, FindProject(transaction, scope, id));
        SB_CHECK_OK(transaction.Run("DELETE FROM identity_projects WHERE tenant = $1 AND id = $2",
                                    {scope.tenant, id.Text()}));
        return Change<Project>{.before = std::move(before), .after = {}};
      });
}

}  // namespace signalbox::identity
