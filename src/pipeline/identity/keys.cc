#include "pipeline/identity/keys.h"

#include "base/core/random.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/key_rows.h"
#include "pipeline/identity/key_rules.h"
#include "pipeline/identity/rows.h"
#include "pipeline/identity/token.h"
#include "pipeline/identity/widths.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;
using request::Role;

Key MakeKey(const Scope& scope, const NewKey& wanted, core::WallTime now, std::string_view secret) {
  core::Random random;
  Key key{.id = KeyId::New(now, random),
          .tenant = IdOf<TenantId>(scope.tenant),
          .name = wanted.name,
          .hint = std::string(secret.substr(secret.size() - kHintSize)),
          .rights = wanted.rights,
          .tags = wanted.tags,
          .metadata = wanted.metadata,
          .stamp = {.created = now, .changed = now, .version = 1}};
  if (key.rights.owner == UserId{} && !scope.Has(Role::kAdmin)) {
    key.rights.owner = scope.user();
  }
  return key;
}

core::Status CheckFields(const Key& key) {
  SB_CHECK_OK(CheckText(key.name, "name"));
  SB_CHECK_OK(CheckRights(key.rights));
  SB_CHECK_OK(CheckTags(key.tags));
  return CheckMetadata(key.metadata);
}

void Apply(const KeyPatch& patch, Key& key) {
  key.name = patch.name.value_or(key.name);
  key.rights.role = patch.role.value_or(key.rights.role);
  key.rights.models = patch.models.value_or(key.rights.models);
  key.rights.providers = patch.providers.value_or(key.rights.providers);
  key.rights.dialects = patch.dialects.value_or(key.rights.dialects);
  key.rights.privacy = patch.privacy.value_or(key.rights.privacy);
  key.rights.expires = patch.expires.value_or(key.rights.expires);
  key.rights.team = patch.team.value_or(key.rights.team);
  key.rights.project = patch.project.value_or(key.rights.project);
  key.tags = patch.tags.value_or(key.tags);
  key.metadata = patch.metadata.value_or(key.metadata);
}

// What a patch leaves as it is needs no right; what lies within the key as it was is no widening.
core::Status CheckPatched(store::Reader& reader, const Scope& scope, const Key& before,
                          const Key& after) {
  SB_CHECK_OK(CheckFields(after));
  if (!WiderField(before.rights, after.rights).empty()) {
    SB_CHECK_OK(CheckWithin(scope.grant, after.rights));
  }
  const bool moved =
      after.rights.team != before.rights.team || after.rights.project != before.rights.project;
  return moved || after.rights.role > before.rights.role ? CheckParties(reader, scope, after.rights)
                                                         : core::Status();
}

}  // namespace

core::Result<IssuedKey> Keys::Create(const Actor& actor, const NewKey& wanted) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kMember));
  const std::string secret = NewSecret();
  const Key key = MakeKey(scope, wanted, actor.now, secret);
  SB_CHECK_OK(CheckFields(key));
  SB_CHECK_OK(CheckWithin(scope.grant, key.rights));
  const KeyHash hash = hasher_.Hash(key.id, secret);
  const Changing<Key> insert = [&](store::Transaction& transaction) -> core::Result<Change<Key>> {
    SB_CHECK_OK(CheckParties(transaction, scope, key.rights));
    SB_CHECK_OK(WriteFact(transaction, kAsked, "yes"));
    SB_CHECK_OK(InsertKey(transaction, scope, key, hash));
    return Change<Key>{.before = {}, .after = key};
  };
  SB_TRY(auto change,
         desk_.Write<Key>(actor, ChangeKind::kKey, key.id.Text(), insert, Telling::kTry));
  return IssuedKey{.change = std::move(change), .token = TokenText(key.id, secret)};
}

core::Result<Key> Keys::Get(const Actor& actor, KeyId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_TRY(Key key, FindKey(desk_.sql(), scope, id));
  SB_CHECK_OK(MayUse(scope, key, KeyUse::kRead));
  return key;
}

core::Result<Page<Key>> Keys::List(const Actor& actor, const KeyQuery& query) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_TRY(const Window window, WindowOf(query));
  const bool all = scope.Has(Role::kOperator);
  const std::string owner = TextOf(all || query.owner != UserId{} ? query.owner : scope.user());
  if (!all && owner != TextOf(scope.user())) {
    return Page<Key>();
  }
  // Who has no user sees the key that asks, and no other.
  const std::string itself =
      all || !owner.empty() ? std::string() : TextOf(scope.grant.parties.key);
  return ReadPage<Key>(
      desk_.sql(), window,
      "SELECT " SB_KEY_COLUMNS
      " FROM (SELECT * FROM identity_keys WHERE tenant = $1 AND id > $2 "
      "AND ($5 IS NULL OR owner = $5) AND ($6 IS NULL OR id = $6) ORDER BY id LIMIT $3) AS seen "
      "WHERE ($7 IS NULL OR lower(name) LIKE $7 ESCAPE '!') ORDER BY id LIMIT $4",
      "SELECT id FROM identity_keys WHERE tenant = $1 AND id > $2 "
      "AND ($4 IS NULL OR owner = $4) AND ($5 IS NULL OR id = $5) ORDER BY id LIMIT 1 OFFSET $3",
      scope.tenant, {OrNull(owner), OrNull(itself)}, ReadKey);
}

core::Result<Change<Key>> Keys::Update(const Actor& actor, KeyId id, const KeyPatch& patch) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return desk_.Write<Key>(actor, ChangeKind::kKey, id.Text(),
                          [&](store::Transaction& transaction) -> core::Result<Change<Key>> {
                            SB_TRY(const Key before, FindKey(transaction, scope, id));
                            SB_CHECK_OK(MayUse(scope, before, KeyUse::kChange));
                            if (patch.version && *patch.version != before.stamp.version) {
                              return Conflict("key");
                            }
                            if (before.revoked) {
                              return Fail(ErrorCode::kConflict,
                                          "the key is revoked; make a new one");
                            }
                            Key after = before;
                            Apply(patch, after);
                            SB_CHECK_OK(CheckPatched(transaction, scope, before, after));
                            SB_CHECK_OK(StoreKey(transaction, scope, after, actor.now));
                            return Change<Key>{.before = before, .after = after};
                          });
}

core::Result<IssuedKey> Keys::Rotate(const Actor& actor, KeyId id, std::chrono::nanoseconds grace) {
  if (grace < grace.zero() || grace > kMostGrace) {
    return Fail(ErrorCode::kInvalidRequest, "grace: 0 to 30 days was expected", "grace");
  }
  SB_TRY(const Scope scope, desk_.Enter(actor));
  const std::string secret = NewSecret();
  const Changing<Key> renew = [&](store::Transaction& transaction) -> core::Result<Change<Key>> {
    SB_TRY(const Key before, FindKey(transaction, scope, id));
    SB_CHECK_OK(MayUse(scope, before, KeyUse::kRenew));
    if (before.revoked) {
      return Fail(ErrorCode::kConflict, "the key is revoked; make a new one");
    }
    Key after = before;
    after.hint = secret.substr(secret.size() - kHintSize);
    after.old_secret_until =
        grace == grace.zero() ? std::nullopt : std::optional(actor.now + grace);
    SB_CHECK_OK(StoreKey(transaction, scope, after, actor.now));
    SB_CHECK_OK(StoreSecret(transaction, scope, after, hasher_.Hash(id, secret)));
    return Change<Key>{.before = before, .after = after};
  };
  SB_TRY(auto change, desk_.Write<Key>(actor, ChangeKind::kKey, id.Text(), renew, Telling::kTry));
  return IssuedKey{.change = std::move(change), .token = TokenText(id, secret)};
}

core::Result<Change<Key>> Keys::Revoke(const Actor& actor, KeyId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return desk_.Write<Key>(actor, ChangeKind::kKey, id.Text(),
                          [&](store::Transaction& transaction) -> core::Result<Change<Key>> {
                            SB_TRY(const Key before, FindKey(transaction, scope, id));
                            SB_CHECK_OK(MayUse(scope, before, KeyUse::kRevoke));
                            Key after = before;
                            if (!before.revoked) {
                              after.revoked = actor.now;
                              SB_CHECK_OK(StoreKey(transaction, scope, after, actor.now));
                            }
                            return Change<Key>{.before = before, .after = after};
                          });
}

core::Result<Change<Key>> Keys::Remove(const Actor& actor, KeyId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return desk_.Write<Key>(actor, ChangeKind::kKey, id.Text(),
                          [&](store::Transaction& transaction) -> core::Result<Change<Key>> {
                            SB_TRY(Key before, FindKey(transaction, scope, id));
                            SB_CHECK_OK(MayUse(scope, before, KeyUse::kRemove));
                            SB_CHECK_OK(DeleteKey(transaction, scope, id));
                            return Change<Key>{.before = std::move(before), .after = {}};
                          });
}

core::Result<std::optional<std::string>> Keys::EnsureFirst(core::WallTime now) {
  SB_TRY(const std::string there, ReadFact(desk_.sql(), kFirstKey));
  if (!there.empty()) {
    return std::nullopt;
  }
  core::Random random;
  const TenantId home = TenantId::New(now, random);
  const std::string secret = NewSecret();
  const request::Grant grant{.role = Role::kAdmin, .of_tenant = false};
  const Scope scope{.tenant = {}, .grant = grant};
  const NewKey wanted{.name = "first key", .rights = {.role = Role::kAdmin}};
  const Key key = MakeKey(scope, wanted, now, secret);
  bool made = false;
  SB_CHECK_OK(desk_.Write(
      ChangeKind::kKey, key.id.Text(),
      [&](store::Transaction& transaction) -> core::Status {
        made = false;
        SB_TRY(const std::string first, ReadFact(transaction, kFirstKey));
        if (!first.empty()) {
          return {};
        }
        made = true;
        SB_CHECK_OK(transaction.Run(
            "INSERT INTO identity_tenants (id, name, active, created, changed, version) "
            "VALUES ($1, 'default', 1, $2, $2, 1)",
            {home.Text(), Nanoseconds(now)}));
        SB_CHECK_OK(WriteFact(transaction, kHomeTenant, home.Text()));
        SB_CHECK_OK(WriteFact(transaction, kFirstKey, key.id.Text()));
        return InsertKey(transaction, scope, key, hasher_.Hash(key.id, secret));
      },
      Telling::kTry));
  return made ? std::optional(TokenText(key.id, secret)) : std::nullopt;
}

}  // namespace signalbox::identity
