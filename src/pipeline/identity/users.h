// Users: people, and services that come with an issuer's token.
//
// Owner:   Identity. Threads: any that may block.
// Errors:  as Keys'. Cancel: as Keys'.
//
// Everybody reads themselves and changes their own name; operators read all of their tenant; admins
// change all. Nobody gives a higher role than their own, nor changes whoever has one.
#pragma once

#include "pipeline/identity/desk.h"

namespace signalbox::identity {

struct NewUser {
  std::string name;
  std::string email;  // may be empty
  request::Role role = request::Role::kMember;
  std::string issuer;  // of their tokens, with `subject`; both or neither
  std::string subject;
};

struct UserPatch {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<request::Role> role;
  std::optional<bool> active;
};

class Users {
 public:
  explicit Users(Desk& desk) : desk_(desk) {}

  core::Result<Change<User>> Create(const Actor& actor, const NewUser& wanted);
  core::Result<User> Get(const Actor& actor, UserId id);
  core::Result<Page<User>> List(const Actor& actor, const ListQuery& query);
  core::Result<Change<User>> Update(const Actor& actor, UserId id, const UserPatch& patch);
  // Their keys are revoked and stay in the lists without an owner; they leave their teams.
  core::Result<Change<User>> Remove(const Actor& actor, UserId id);

 private:
  Desk& desk_;
};

core::Result<User> FindUser(store::Reader& reader, const Scope& scope, UserId id);
core::Status InsertUser(store::Transaction& transaction, const User& user);

}  // namespace signalbox::identity
