// Who may set what, and what a subject's name means for whoever says it.
#include "pipeline/quota/settings_access.h"

#include <algorithm>

#include "pipeline/quota/settings_rows.h"

namespace signalbox::quota {
namespace {

using core::ErrorCode;
using request::Role;

core::Status Need(const Actor& actor, Role role) {
  if (actor.principal.grant != nullptr && actor.principal.grant->role < role) {
    return core::Fail(ErrorCode::kForbidden, "limits and budgets are set by an admin");
  }
  return {};
}

std::unexpected<core::Error> NotFound(std::string_view what) {
  return core::Fail(ErrorCode::kNotFound, "no such " + std::string(what));
}

template <typename Tag>
std::optional<core::Uuid> IdOf(const std::string& text) {
  const auto id = core::Id<Tag>::Parse(text);
  return id ? std::optional(id->uuid) : std::nullopt;
}

std::optional<core::Uuid> ReadId(SubjectKind kind, const std::string& text) {
  switch (kind) {
    case SubjectKind::kTenant:
      return IdOf<request::TenantTag>(text);
    case SubjectKind::kTeam:
      return IdOf<request::TeamTag>(text);
    case SubjectKind::kUser:
      return IdOf<request::UserTag>(text);
    case SubjectKind::kKey:
      return IdOf<request::KeyTag>(text);
    case SubjectKind::kProject:
      return IdOf<request::ProjectTag>(text);
    default:
      return std::nullopt;
  }
}

bool ById(SubjectKind kind) {
  return kind >= SubjectKind::kTenant && kind <= SubjectKind::kProject;
}

bool ByTenantAndName(SubjectKind kind) {
  return kind == SubjectKind::kEndUser || kind == SubjectKind::kAgent || kind == SubjectKind::kTag;
}

core::Status CheckName(SubjectKind kind, const std::string& name) {
  const bool good = std::ranges::all_of(name, [](char c) { return c >= ' ' && c != '\x7f'; });
  const bool wanted = kind != SubjectKind::kTotal;
  if (name.size() > kMostText || !good || name.empty() == wanted) {
    return core::Fail(ErrorCode::kInvalidRequest, "the subject's name is not one", "subject");
  }
  return {};
}

}  // namespace

bool OfInstallation(const Actor& actor) {
  return actor.principal.grant == nullptr || !actor.principal.grant->of_tenant;
}

std::string TenantOf(const Actor& actor) {
  return OfInstallation(actor) ? std::string() : actor.principal.grant->parties.tenant.Text();
}

std::optional<std::string> Sees(const Actor& actor) {
  return OfInstallation(actor) ? std::nullopt : std::optional(TenantOf(actor));
}

// What a tenant names is its own; what is in another's is not there.
core::Result<Settings::Meant> Settings::Find(const Actor& actor, const SubjectName& subject) const {
  SB_CHECK_OK(Need(actor, Role::kAdmin));
  SB_CHECK_OK(CheckName(subject.kind, subject.name));
  Meant meant{.tenant = TenantOf(actor), .key = {.kind = subject.kind}};
  if (ById(subject.kind)) {
    const auto id = ReadId(subject.kind, subject.name);
    if (!id) {
      return NotFound(Name(subject.kind));
    }
    meant.key.id = *id;
    request::TenantId owner{*id};
    if (subject.kind != SubjectKind::kTenant) {
      SB_TRY(const auto found, find_tenant_(subject.kind, *id));
      if (!found) {
        return NotFound(Name(subject.kind));
      }
      owner = *found;
    }
    if (!OfInstallation(actor) && owner != actor.principal.grant->parties.tenant) {
      return NotFound(Name(subject.kind));
    }
    meant.tenant = owner.uuid == core::Uuid{} ? std::string() : owner.Text();
  } else {
    meant.key.name = subject.name;
    if (ByTenantAndName(subject.kind) && actor.principal.grant != nullptr) {
      meant.key.id = actor.principal.grant->parties.tenant.uuid;
    }
  }
  if (!OfInstallation(actor) && !ByTenantAndName(subject.kind) &&
      (!ById(subject.kind) || subject.kind == SubjectKind::kTenant)) {
    return core::Fail(ErrorCode::kForbidden, "this is set by whoever runs the installation");
  }
  meant.code = Subject(meant.key, 0).Code();
  return meant;
}

core::Result<BudgetRow> Settings::Own(store::Reader& reader, const Actor& actor,
                                      const std::string& id, bool write) const {
  const auto tenant = Sees(actor);
  SB_TRY(std::vector<BudgetRow> rows, ReadBudgets(reader, {.id = id, .tenant = tenant, .most = 1}));
  if (rows.empty()) {
    return NotFound("budget");
  }
  if (write) {
    SB_CHECK_OK(Need(actor, Role::kAdmin));
    const bool of_itself = rows[0].subject.starts_with(Name(SubjectKind::kTenant));
    if (!OfInstallation(actor) && of_itself) {
      return core::Fail(ErrorCode::kForbidden, "this is set by whoever runs the installation");
    }
  }
  return std::move(rows[0]);
}

}  // namespace signalbox::quota
