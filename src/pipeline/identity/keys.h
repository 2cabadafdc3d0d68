// Virtual keys: made, changed, given a new secret, revoked, removed.
//
// Owner:   Identity. Threads: any that may block.
// Errors:  kNotFound also for another tenant's and, below operator, for another user's; kForbidden
//          for a role too low or rights wider than the actor's; kConflict for another version;
//          kInvalidRequest for a field. Others as Desk's.
// Cancel:  nothing to undo: a change is done whole or not at all.
//
// Who may what, in their tenant: everybody reads and changes the keys of their own user, and a key
// reads, renews and revokes itself; operators read and revoke all; admins do everything. Nobody
// gives a key more than they have. A change is in force in every worker of this process when it
// returns, and within a second in all others; a worker that does not hear of it in time is an
// error, but where a secret was made: that is returned, and the delay is logged.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/identity/desk.h"
#include "pipeline/identity/key_hash.h"

namespace signalbox::identity {

struct NewKey {
  std::string name;
  // Without an owner it is the actor's user's, as far as the actor is no admin.
  KeyRights rights;
  std::vector<std::string> tags;
  std::string metadata = "{}";
};

// What stands in it is changed, the rest stays.
struct KeyPatch {
  std::optional<std::int64_t> version;  // that the row has to have
  std::optional<std::string> name;
  std::optional<request::Role> role;
  std::optional<request::NameRules> models;
  std::optional<request::NameRules> providers;
  std::optional<request::NameRules> dialects;
  std::optional<request::PrivacyClass> privacy;
  std::optional<core::WallTime> expires;
  std::optional<TeamId> team;
  std::optional<ProjectId> project;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> metadata;
};

// A key with its secret, which is shown this once.
struct IssuedKey {
  Change<Key> change;
  std::string token;
};

struct KeyQuery : ListQuery {
  UserId owner;  // zero: of everybody whose keys the actor may see
};

inline constexpr std::chrono::hours kMostGrace{24 * 30};

class Keys {
 public:
  Keys(Desk& desk, KeyHasher hasher) : desk_(desk), hasher_(hasher) {}

  core::Result<IssuedKey> Create(const Actor& actor, const NewKey& wanted);
  core::Result<Key> Get(const Actor& actor, KeyId id);
  core::Result<Page<Key>> List(const Actor& actor, const KeyQuery& query);
  core::Result<Change<Key>> Update(const Actor& actor, KeyId id, const KeyPatch& patch);
  // A new secret; the old one is taken for `grace` longer, from zero to kMostGrace.
  core::Result<IssuedKey> Rotate(const Actor& actor, KeyId id, std::chrono::nanoseconds grace);
  // Ends it for good; once more changes nothing.
  core::Result<Change<Key>> Revoke(const Actor& actor, KeyId id);
  core::Result<Change<Key>> Remove(const Actor& actor, KeyId id);

  // The installation's first key, an admin's. Nullopt: it was made before, by whomever.
  core::Result<std::optional<std::string>> EnsureFirst(core::WallTime now);

 private:
  Desk& desk_;
  KeyHasher hasher_;
};

}  // namespace signalbox::identity
