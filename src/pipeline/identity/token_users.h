// The users behind issuers' tokens: found by issuer and subject, made on first sight.
//
// Owner:   app/, one per process. Threads: any that may block.
// Errors:  kUnauthenticated: nobody here, switched off, or without a role. kUnavailable: the
//          database is away. The witness': a user is not made. Cancel: nothing to undo.
#pragma once

#include <memory>

#include "pipeline/identity/desk.h"
#include "pipeline/identity/jwt.h"

namespace signalbox::identity {

class TokenUsers {
 public:
  // Of a user who is made; null: nobody is told.
  using MakeWitness = std::function<std::unique_ptr<Witness>(core::WallTime now)>;

  TokenUsers(store::Sql& sql, Directory& directory, MakeAllowance make_allowance,
             MakeWitness make_witness = {})
      : desk_(sql, directory),
        directory_(directory),
        make_allowance_(std::move(make_allowance)),
        make_witness_(std::move(make_witness)) {}

  // What the bearer may do. Their role is the lower one of what the issuer says now and what their
  // row has: whom either lowers is lowered.
  core::Result<std::shared_ptr<const request::Grant>> Admit(const Bearer& bearer,
                                                            const IssuerOptions& issuer,
                                                            core::WallTime now);
  // The tenant that `issuer` lets people into.
  std::string TenantOf(const IssuerOptions& issuer) const;

 private:
  core::Result<User> FindOrMake(const Bearer& bearer, const IssuerOptions& issuer,
                                const std::string& tenant, request::Role role, core::WallTime now);

  Desk desk_;
  Directory& directory_;
  MakeAllowance make_allowance_;
  MakeWitness make_witness_;
};

}  // namespace signalbox::identity
