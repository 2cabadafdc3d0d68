#include "pipeline/identity/directory_rows.h"

#include <algorithm>
#include <cstring>

#include "pipeline/identity/fields.h"
#include "pipeline/identity/rows.h"

#define SB_ENTRIES                                                                             \
  "SELECT k.id, k.tenant, k.name, k.hint, CASE WHEN u.role < k.role THEN u.role ELSE k.role "  \
  "END, k.models, k.providers, k.dialects, k.privacy, k.expires, k.owner, k.team, k.project, " \
  "k.tags, k.metadata, k.revoked, k.old_until, k.last_used, k.created, k.changed, k.version, " \
  "k.hash, k.old_hash FROM identity_keys k "                                                   \
  "LEFT JOIN identity_users u ON u.tenant = k.tenant AND u.id = k.owner "                      \
  "LEFT JOIN identity_tenants t ON t.id = k.tenant "                                           \
  "WHERE k.revoked IS NULL AND (k.owner IS NULL OR u.active = 1) "                             \
  "AND (k.tenant = '' OR t.active = 1)"

namespace signalbox::identity {
namespace {

bool ReadHash(const store::Row& row, std::size_t column, KeyHash& hash) {
  const store::Bytes bytes = row.Bytes(column);
  if (bytes.size() != hash.size()) {
    return false;
  }
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return true;
}

request::Grant GrantOf(Key& key) {
  return {.parties = {.tenant = key.tenant,
                      .key = key.id,
                      .user = key.rights.owner,
                      .team = key.rights.team,
                      .project = key.rights.project},
          .role = key.rights.role,
          .of_tenant = key.tenant != TenantId{},
          .name = std::move(key.name),
          .models = std::move(key.rights.models),
          .providers = std::move(key.rights.providers),
          .dialects = std::move(key.rights.dialects),
          .privacy = key.rights.privacy,
          .expires = key.rights.expires};
}

// Null for a row without a hash: nothing would ever match it.
EntryPtr ReadEntry(const store::Row& row, const MakeAllowance& make) {
  constexpr std::size_t kHash = 21;
  const auto entry = std::make_shared<Entry>();
  Key key = ReadKey(row);
  entry->id = key.id;
  if (key.id == KeyId{} || !ReadHash(row, kHash, entry->hash)) {
    return nullptr;
  }
  if (key.old_secret_until && !row.IsNull(kHash + 1) && ReadHash(row, kHash + 1, entry->old_hash)) {
    entry->old_until = *key.old_secret_until;
  }
  const auto grant = std::make_shared<request::Grant>(GrantOf(key));
  if (make) {
    grant->allowance = make(*grant, key.tags);
  }
  entry->grant = grant;
  return entry;
}

core::Result<std::vector<EntryPtr>> Read(store::Reader& reader, store::Statement statement,
                                         store::Params params, const MakeAllowance& make) {
  std::vector<EntryPtr> entries;
  SB_CHECK_OK(reader.Query(statement, params, [&](const store::Row& row) -> core::Status {
    if (EntryPtr entry = ReadEntry(row, make); entry != nullptr) {
      entries.push_back(std::move(entry));
    }
    return {};
  }));
  return entries;
}

}  // namespace

core::Result<std::vector<EntryPtr>> ReadEntries(store::Reader& reader, const MakeAllowance& make) {
  return Read(reader, SB_ENTRIES, {}, make);
}

core::Result<std::vector<EntryPtr>> ReadTouched(store::Reader& reader, ChangeKind kind,
                                                std::string_view id, const MakeAllowance& make) {
  const store::Param param = id;
  const store::Params params(&param, 1);
  switch (kind) {
    case ChangeKind::kKey:
      return Read(reader, SB_ENTRIES " AND k.id = $1", params, make);
    case ChangeKind::kUser:
      return Read(reader, SB_ENTRIES " AND k.owner = $1", params, make);
    case ChangeKind::kTenant:
      return Read(reader, SB_ENTRIES " AND k.tenant = $1", params, make);
    case ChangeKind::kTeam:
    case ChangeKind::kProject:
      return std::vector<EntryPtr>();
  }
  return std::vector<EntryPtr>();
}

}  // namespace signalbox::identity
