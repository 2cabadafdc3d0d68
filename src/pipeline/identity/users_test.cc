#include "pipeline/identity/users.h"

#include <gtest/gtest.h>

#include "pipeline/identity/identity_testing.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using request::Role;

TEST(Users, ChangeTheirOwnNameAndNothingElse) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const User anna = world.NewUserIn(tenant, "anna");
  const User ben = world.NewUserIn(tenant, "ben");
  const request::Principal who = world.Holder(tenant, {.owner = anna.id});
  const Actor actor = world.By(who);
  Users& users = world.identity.users();
  EXPECT_EQ(users.Update(actor, anna.id, {.name = "Anna"})->after->name, "Anna");
  EXPECT_EQ(CodeOf(users.Update(actor, anna.id, {.email = "a@b"})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(users.Update(actor, anna.id, {.role = Role::kAdmin})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(users.Update(actor, anna.id, {.role = Role::kViewer})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(users.Update(actor, anna.id, {.active = true})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(users.Remove(actor, anna.id)), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(users.Update(actor, ben.id, {.name = "x"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(users.Get(actor, ben.id)), ErrorCode::kNotFound);
  EXPECT_EQ(users.List(actor, {})->rows.size(), 1U);
  const User after = users.Get(actor, anna.id).value();
  EXPECT_EQ(after.role, Role::kMember);
  EXPECT_EQ(after.email, "");
}

TEST(Users, NobodyGivesAHigherRoleThanTheirOwn) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const User admin = world.NewUserIn(tenant, "admin", Role::kAdmin);
  const User ben = world.NewUserIn(tenant, "ben");
  // An admin's user, but a key that is less.
  const request::Principal less =
      world.Holder(tenant, {.role = Role::kOperator, .owner = admin.id});
  Users& users = world.identity.users();
  for (const Role role : {Role::kViewer, Role::kMember, Role::kOperator, Role::kAdmin}) {
    EXPECT_EQ(CodeOf(users.Create(world.By(less), {.name = "x", .role = role})),
              ErrorCode::kForbidden);
    EXPECT_EQ(CodeOf(users.Update(world.By(less), ben.id, {.role = role})), ErrorCode::kForbidden);
  }
  EXPECT_EQ(users.Get(world.By(less), ben.id)->role, Role::kMember);
}

TEST(Users, WhoComesByTokenIsLetInByThoseAloneWhoHaveAllOfTheirRights) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const request::Principal bound =
      world.Holder(tenant, {.role = Role::kAdmin, .models = {{"gpt-*"}}});
  const NewUser comes{.name = "x", .issuer = "https://id.example", .subject = "x"};
  Users& users = world.identity.users();
  EXPECT_EQ(CodeOf(users.Create(world.By(bound), comes)), ErrorCode::kForbidden);
  EXPECT_TRUE(users.Create(world.By(bound), {.name = "y"}));
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const UserId id = users.Create(root, comes).value().after->id;
  EXPECT_EQ(CodeOf(users.Update(world.By(bound), id, {.role = Role::kAdmin})),
            ErrorCode::kForbidden);
  EXPECT_TRUE(users.Update(world.By(bound), id, {.active = false}));
  EXPECT_EQ(CodeOf(users.Update(world.By(bound), id, {.active = true})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(users.Create(root, {.name = "z", .issuer = "i"})), ErrorCode::kInvalidRequest);
}

TEST(Users, LeaveTheirTeamsAndKeysWhenTheyAreRemoved) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const User anna = world.NewUserIn(tenant, "anna");
  const IssuedKey key = world.NewKeyIn(tenant, {.owner = anna.id});
  const Team team = world.identity.teams().Create(root, {.name = "t"}).value().after.value();
  ASSERT_TRUE(world.identity.teams().SetMember(root, {.team = team.id, .user = anna.id}));
  ASSERT_TRUE(world.identity.users().Remove(root, anna.id));
  EXPECT_FALSE(world.Knows(key.token));
  EXPECT_TRUE(world.identity.teams().Members(root, team.id)->empty());
  EXPECT_TRUE(world.identity.keys().Get(root, key.change.after->id)->revoked.has_value());
}

TEST(Teams, AreChangedByAdminsAndTheirMembersByTheirOwn) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const User anna = world.NewUserIn(tenant, "anna");
  const User ben = world.NewUserIn(tenant, "ben");
  const request::Principal annas = world.Holder(tenant, {.owner = anna.id});
  Teams& teams = world.identity.teams();
  const Team team = teams.Create(root, {.name = "t"}).value().after.value();
  EXPECT_EQ(CodeOf(teams.Create(world.By(annas), {.name = "x"})), ErrorCode::kForbidden);
  const Member bens{.team = team.id, .user = ben.id};
  EXPECT_EQ(CodeOf(teams.SetMember(world.By(annas), bens)), ErrorCode::kForbidden);
  ASSERT_TRUE(teams.SetMember(root, {.team = team.id, .user = anna.id, .role = Role::kAdmin}));
  EXPECT_FALSE(teams.SetMember(world.By(annas), bens)->before.has_value());
  EXPECT_EQ(teams.Members(world.By(annas), team.id)->size(), 2U);
  EXPECT_TRUE(teams.RemoveMember(world.By(annas), team.id, ben.id));
  EXPECT_EQ(CodeOf(teams.RemoveMember(root, team.id, ben.id)), ErrorCode::kNotFound);
}

TEST(Teams, AKeyOfAMemberStaysWithinTheirTeamsAndProjects) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const User anna = world.NewUserIn(tenant, "anna");
  Teams& teams = world.identity.teams();
  const Team own = teams.Create(root, {.name = "own"}).value().after.value();
  const Team other = teams.Create(root, {.name = "other"}).value().after.value();
  ASSERT_TRUE(teams.SetMember(root, {.team = own.id, .user = anna.id}));
  const request::Principal bound = world.Holder(tenant, {.owner = anna.id, .team = own.id});
  const request::Principal unbound = world.Holder(tenant, {.owner = anna.id});
  Keys& keys = world.identity.keys();
  EXPECT_TRUE(keys.Create(world.By(unbound), {.name = "x", .rights = {.team = own.id}}));
  EXPECT_EQ(CodeOf(keys.Create(world.By(unbound), {.name = "x", .rights = {.team = other.id}})),
            ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(keys.Create(world.By(bound), {.name = "x"})), ErrorCode::kForbidden);
  EXPECT_TRUE(keys.Create(world.By(bound), {.name = "x", .rights = {.team = own.id}}));
  EXPECT_EQ(CodeOf(teams.Remove(root, own.id)), ErrorCode::kConflict);
}

}  // namespace
}  // namespace signalbox::identity
