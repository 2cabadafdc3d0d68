// Nouns as rows: the columns of each table in the order in which they are read and written.
//
// Owner:   plain functions; a Param is a view of the texts that it was made from.
// Threads: any. Errors: none; a row that is none of ours ends the process. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "io/store/value.h"
#include "pipeline/identity/nouns.h"

// Literals, so that statements stay literals.
#define SB_TENANT_COLUMNS "id, name, active, created, changed, version"
#define SB_USER_COLUMNS \
  "id, tenant, name, email, role, active, issuer, subject, created, changed, version"
#define SB_TEAM_COLUMNS "id, tenant, name, created, changed, version"
#define SB_PROJECT_COLUMNS "id, tenant, team, name, created, changed, version"
#define SB_KEY_COLUMNS                                                                         \
  "id, tenant, name, hint, role, models, providers, dialects, privacy, expires, owner, team, " \
  "project, tags, metadata, revoked, old_until, last_used, created, changed, version"

namespace signalbox::identity {

Tenant ReadTenant(const store::Row& row);
User ReadUser(const store::Row& row);
Team ReadTeam(const store::Row& row);
Project ReadProject(const store::Row& row);
Key ReadKey(const store::Row& row);

// What no version of this program wrote is the least.
request::Role ReadRole(const store::Row& row, std::size_t column);

std::int64_t Nanoseconds(core::WallTime time);
core::WallTime TimeOf(std::int64_t nanoseconds);

// Null for what is not there.
store::Param OrNull(std::string_view text);
store::Param OrNull(const std::optional<core::WallTime>& time);
store::Param ExpiryParam(core::WallTime expires);

// The text of an id; empty for the one that is none.
template <typename Id>
std::string TextOf(const Id& id) {
  return id == Id{} ? std::string() : id.Text();
}

// The id that `text` is; the one that is none for any other text.
template <typename Id>
Id IdOf(std::string_view text) {
  return Id::Parse(text).value_or(Id{});
}

}  // namespace signalbox::identity
