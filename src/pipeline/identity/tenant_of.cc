#include "pipeline/identity/tenant_of.h"

namespace signalbox::identity {
namespace {

FoundTenant Find(store::Reader& reader, store::Statement statement, const std::string& id) {
  std::optional<request::TenantId> found;
  SB_CHECK_OK(
      reader.Query(statement, {std::string_view(id)}, [&](const store::Row& row) -> core::Status {
        found = request::TenantId::Parse(row.Text(0)).value_or(request::TenantId());
        return {};
      }));
  return found;
}

}  // namespace

FoundTenant TenantOf(store::Reader& reader, const request::KeyId& id) {
  return Find(reader, "SELECT tenant FROM identity_keys WHERE id = $1", id.Text());
}

FoundTenant TenantOf(store::Reader& reader, const request::UserId& id) {
  return Find(reader, "SELECT tenant FROM identity_users WHERE id = $1", id.Text());
}

FoundTenant TenantOf(store::Reader& reader, const request::TeamId& id) {
  return Find(reader, "SELECT tenant FROM identity_teams WHERE id = $1", id.Text());
}

FoundTenant TenantOf(store::Reader& reader, const request::ProjectId& id) {
  return Find(reader, "SELECT tenant FROM identity_projects WHERE id = $1", id.Text());
}

FoundTenant TenantOf(store::Reader& reader, const request::TenantId& id) {
  return Find(reader, "SELECT id FROM identity_tenants WHERE id = $1", id.Text());
}

}  // namespace signalbox::identity
