// Projects: what keys are booked on together.
#include "surface/api/all_routes.h"
#include "surface/api/identity_asked.h"

namespace signalbox::api {
namespace {

using config::Table;
using identity::ProjectId;
using net::Method;
using request::Role;

struct ProjectView {
  ProjectId id;
  request::TenantId tenant;
  std::optional<request::TeamId> team;
  std::string name;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const Table<ProjectView>& Members() {
    static const auto table =
        Table<ProjectView>("Project", "What keys are booked on together.")
            .Add("id", &ProjectView::id, {.doc = "Its id."})
            .Add("tenant", &ProjectView::tenant, {.doc = "Its tenant."})
            .Add("team", &ProjectView::team, {.doc = "The team it belongs to."})
            .Add("name", &ProjectView::name, {.doc = "For people; one of a tenant has it."})
            .Add("created", &ProjectView::created, {.doc = "When it was made."})
            .Add("changed", &ProjectView::changed, {.doc = "When it was changed last."})
            .Add("version", &ProjectView::version, {.doc = "One more with every change."});
    return table;
  }
  static ProjectView Of(const identity::Project& project) {
    return {.id = project.id,
            .tenant = project.tenant,
            .team = IfAny(project.team),
            .name = project.name,
            .created = {project.stamp.created},
            .changed = {project.stamp.changed},
            .version = project.stamp.version};
  }
  static std::string SubjectOf(const identity::Project& project) { return project.id.Text(); }
};

struct NewProjectForm {
  std::string name;
  request::TeamId team;

  static const Table<NewProjectForm>& Members() {
    static const auto table =
        Table<NewProjectForm>("NewProject", "A project to make.")
            .Add("name", &NewProjectForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName, .required = true})
            .Add("team", &NewProjectForm::team, {.doc = "The team it belongs to, or none."});
    return table;
  }
};

struct ProjectPatchForm {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;

  static const Table<ProjectPatchForm>& Members() {
    static const auto table =
        Table<ProjectPatchForm>("ProjectPatch", "What is to be different; the rest stays.")
            .Add("version", &ProjectPatchForm::version, {.doc = std::string(kVersionDoc)})
            .Add("name", &ProjectPatchForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName});
    return table;
  }
};

core::Result<ProjectId> IdOf(const Asked& asked) {
  return PathId<ProjectId>(asked, 0, "project");
}

core::Result<Created<ProjectView>> CreateProject(const Asked& asked, const NewProjectForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  Noted<ProjectView> noted(asked, "project.create");
  SB_TRY(const auto change,
         service->projects().Create(noted.actor(), {.name = form.name, .team = form.team}));
  return Created<ProjectView>{ViewOf<ProjectView>(change)};
}

core::Result<Page<ProjectView>> ListProjects(const Asked& asked, const ListForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto page, service->projects().List(ActorOf(asked), form.ToQuery()));
  return PageOf<ProjectView>(page);
}

core::Result<ProjectView> GetProject(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto project, service->projects().Get(ActorOf(asked), id));
  return ProjectView::Of(project);
}

core::Result<ProjectView> UpdateProject(const Asked& asked, const ProjectPatchForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<ProjectView> noted(asked, "project.update");
  SB_TRY(const auto change, service->projects().Update(
                                noted.actor(), id, {.version = form.version, .name = form.name}));
  return ViewOf<ProjectView>(change);
}

core::Result<Done> DeleteProject(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<ProjectView> noted(asked, "project.delete");
  SB_CHECK_OK(service->projects().Remove(noted.actor(), id));
  return Done{};
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/projects", Rule::Of(Role::kAdmin), "createProject", "Makes a project.",
     Takes<&CreateProject>()},
    {Method::kGet, "/api/projects", Rule::Of(Role::kViewer), "listProjects",
     "The tenant's projects.", Reads<&ListProjects>()},
    {Method::kGet, "/api/projects/{id}", Rule::Of(Role::kViewer), "getProject", "One project.",
     Finds<&GetProject>()},
    {Method::kPatch, "/api/projects/{id}", Rule::Of(Role::kAdmin), "updateProject",
     "Renames a project.", Takes<&UpdateProject>()},
    {Method::kDelete, "/api/projects/{id}", Rule::Of(Role::kAdmin), "deleteProject",
     "Removes a project that no key belongs to.", Finds<&DeleteProject>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes ProjectRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
