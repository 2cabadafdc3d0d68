// Who there is and what they may do: the service behind the management API and the command line.
//
//   auto directory = Directory::Open({.sql = sql, .hasher = hasher, …});
//   Identity identity(sql, **directory);
//   identity.keys().Create({.principal = who, .tenant = "", .now = now}, {.name = "ci"});
//
// Owner:   app/, one per process; goes before the directory.
// Threads: any that may block.
// Errors:  as the services of the nouns.
// Cancel:  nothing to undo: a change is done whole or not at all.
//
// Every function takes who acts and finds out itself whether they may; every statement names the
// tenant. So a route cannot forget to ask.
#pragma once

#include "pipeline/identity/groups.h"
#include "pipeline/identity/keys.h"
#include "pipeline/identity/tenants.h"
#include "pipeline/identity/users.h"

namespace signalbox::identity {

class Identity {
 public:
  Identity(store::Sql& sql, Directory& directory)
      : desk_(sql, directory), keys_(desk_, directory.hasher()) {}
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  Tenants& tenants() { return tenants_; }
  Users& users() { return users_; }
  Teams& teams() { return teams_; }
  Projects& projects() { return projects_; }
  Keys& keys() { return keys_; }

  // At the first start: a tenant for whoever names none, and the first key, an admin's of the
  // installation; returns it. Nullopt at every other start.
  core::Result<std::optional<std::string>> EnsureAdmin(core::WallTime now) {
    return keys_.EnsureFirst(now);
  }

 private:
  Desk desk_;
  Tenants tenants_{desk_};
  Users users_{desk_};
  Teams teams_{desk_};
  Projects projects_{desk_};
  Keys keys_;
};

}  // namespace signalbox::identity
