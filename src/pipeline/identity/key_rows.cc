#include "pipeline/identity/key_rows.h"

#include "pipeline/identity/fields.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

store::Param HashParam(const KeyHash& hash) {
  return store::Bytes(hash);
}

}  // namespace

core::Result<Key> FindKey(store::Reader& reader, const Scope& scope, KeyId id) {
  return ReadOne<Key>(reader,
                      "SELECT " SB_KEY_COLUMNS " FROM identity_keys WHERE tenant = $1 AND id = $2",
                      {scope.tenant, id.Text()}, ReadKey, "key");
}

core::Status InsertKey(store::Transaction& transaction, const Scope& scope, const Key& key,
                       const KeyHash& hash) {
  const KeyRights& rights = key.rights;
  const std::string owner = TextOf(rights.owner);
  const std::string team = TextOf(rights.team);
  const std::string project = TextOf(rights.project);
  SB_CHECK_OK(transaction.Run(
      "INSERT INTO identity_keys (id, tenant, name, hash, hint, role, models, providers, dialects, "
      "privacy, expires, owner, team, project, tags, metadata, created, changed, version) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, 1)",
      {key.id.Text(), scope.tenant, key.name, HashParam(hash), key.hint,
       static_cast<std::int64_t>(rights.role), Lines(rights.models.names),
       Lines(rights.providers.names), Lines(rights.dialects.names),
       static_cast<std::int64_t>(rights.privacy), ExpiryParam(rights.expires), OrNull(owner),
       OrNull(team), OrNull(project), Lines(key.tags), key.metadata,
       Nanoseconds(key.stamp.created)}));
  return {};
}

core::Status StoreKey(store::Transaction& transaction, const Scope& scope, Key& key,
                      core::WallTime now) {
  const KeyRights& rights = key.rights;
  const std::string team = TextOf(rights.team);
  const std::string project = TextOf(rights.project);
  SB_TRY(
      const std::int64_t stored,
      transaction.Run(
          "UPDATE identity_keys SET name = $4, role = $5, models = $6, providers = $7, "
          "dialects = $8, privacy = $9, expires = $10, team = $11, project = $12, tags = $13, "
          "metadata = $14, revoked = $15, changed = $16, version = version + 1 "
          "WHERE tenant = $1 AND id = $2 AND version = $3",
          {scope.tenant, key.id.Text(), key.stamp.version, key.name,
           static_cast<std::int64_t>(rights.role), Lines(rights.models.names),
           Lines(rights.providers.names), Lines(rights.dialects.names),
           static_cast<std::int64_t>(rights.privacy), ExpiryParam(rights.expires), OrNull(team),
           OrNull(project), Lines(key.tags), key.metadata, OrNull(key.revoked), Nanoseconds(now)}));
  if (stored == 0) {
    return Conflict("key");
  }
  key.stamp.changed = now;
  ++key.stamp.version;
  return {};
}

core::Status StoreSecret(store::Transaction& transaction, const Scope& scope, const Key& key,
                         const KeyHash& hash) {
  SB_TRY(
      const std::int64_t stored,
      transaction.Run(
          "UPDATE identity_keys SET old_until = $3, hash = $4, hint = $5, "
          "old_hash = CASE WHEN $3 IS NULL THEN NULL ELSE hash END WHERE tenant = $1 AND id = $2",
          {scope.tenant, key.id.Text(), OrNull(key.old_secret_until), HashParam(hash), key.hint}));
  return stored == 1 ? core::Status() : core::Status(NotFound("key"));
}

core::Status DeleteKey(store::Transaction& transaction, const Scope& scope, KeyId id) {
  SB_CHECK_OK(transaction.Run("DELETE FROM identity_keys WHERE tenant = $1 AND id = $2",
                              {scope.tenant, id.Text()}));
  return {};
}

}  // namespace signalbox::identity
