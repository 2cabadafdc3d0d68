#include <gtest/gtest.h>

#include "pipeline/identity/identity_testing.h"

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;
using request::Role;

// One of each noun in a tenant, and its admin.
struct House {
  House(World& world, const std::string& name)
      : tenant(world.NewTenantNamed(name)),
        user(world.NewUserIn(tenant, name + "-user")),
        key(world.NewKeyIn(tenant, {.owner = user.id}, name + "-key")),
        admin(world.Holder(tenant, {.role = Role::kAdmin})) {
    const Actor actor = world.By(admin);
    team = world.identity.teams().Create(actor, {.name = "team"}).value().after.value();
    project = world.identity.projects()
                  .Create(actor, {.name = "project", .team = team.id})
                  .value()
                  .after.value();
  }
  KeyId key_id() const { return key.change.after->id; }

  Tenant tenant;
  User user;
  IssuedKey key;
  request::Principal admin;
  Team team;
  Project project;
};

// What every function of the service says to an admin of one tenant about the other's things.
std::vector<core::ErrorCode> Reach(World& world, const Actor& actor, const House& other) {
  Identity& identity = world.identity;
  std::vector<core::ErrorCode> codes;
  const auto add = [&](const auto& result) {
    codes.push_back(result.has_value() ? ErrorCode::kInternal : result.error().code);
  };
  add(identity.tenants().Get(actor, other.tenant.id));
  add(identity.users().Get(actor, other.user.id));
  add(identity.users().Update(actor, other.user.id, {.name = "x"}));
  add(identity.users().Remove(actor, other.user.id));
  add(identity.teams().Get(actor, other.team.id));
  add(identity.teams().Update(actor, other.team.id, {.name = "x"}));
  add(identity.teams().Remove(actor, other.team.id));
  add(identity.teams().Members(actor, other.team.id));
  add(identity.teams().SetMember(actor, {.team = other.team.id, .user = other.user.id}));
  add(identity.teams().RemoveMember(actor, other.team.id, other.user.id));
  add(identity.projects().Get(actor, other.project.id));
  add(identity.projects().Update(actor, other.project.id, {.name = "x"}));
  add(identity.projects().Remove(actor, other.project.id));
  add(identity.projects().Create(actor, {.name = "x", .team = other.team.id}));
  add(identity.keys().Get(actor, other.key_id()));
  add(identity.keys().Update(actor, other.key_id(), {.name = "x"}));
  add(identity.keys().Rotate(actor, other.key_id(), 0s));
  add(identity.keys().Revoke(actor, other.key_id()));
  add(identity.keys().Remove(actor, other.key_id()));
  add(identity.keys().Create(actor, {.name = "x", .rights = {.owner = other.user.id}}));
  add(identity.keys().Create(actor, {.name = "x", .rights = {.team = other.team.id}}));
  add(identity.keys().Create(actor, {.name = "x", .rights = {.project = other.project.id}}));
  return codes;
}

TEST(Tenancy, NoFunctionReachesIntoAnotherTenant) {
  World world;
  const House a(world, "a");
  const House b(world, "b");
  for (int round = 0; round < 3; ++round) {
    for (const auto& [own, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      for (const core::ErrorCode code : Reach(world, world.By(own->admin), *other)) {
        EXPECT_EQ(code, ErrorCode::kNotFound);
      }
      // Nor by naming it.
      const Actor named = world.By(own->admin, other->tenant.id.Text());
      for (const core::ErrorCode code : Reach(world, named, *other)) {
        EXPECT_EQ(code, ErrorCode::kNotFound);
      }
    }
  }
  EXPECT_TRUE(world.Knows(a.key.token));
  EXPECT_TRUE(world.Knows(b.key.token));
}

TEST(Tenancy, ListsHoldTheTenantsOwn) {
  World world;
  const House a(world, "a");
  const House b(world, "b");
  const Actor actor = world.By(a.admin);
  for (const Key& key : world.identity.keys().List(actor, {})->rows) {
    EXPECT_EQ(key.tenant, a.tenant.id);
  }
  EXPECT_EQ(world.identity.keys().List(actor, {})->rows.size(), 2U);
  EXPECT_EQ(world.identity.users().List(actor, {})->rows.size(), 1U);
  EXPECT_EQ(world.identity.teams().List(actor, {})->rows.size(), 1U);
  EXPECT_EQ(world.identity.projects().List(actor, {})->rows.size(), 1U);
  const auto tenants = world.identity.tenants().List(actor, {});
  ASSERT_EQ(tenants->rows.size(), 1U);
  EXPECT_EQ(tenants->rows[0].id, a.tenant.id);
  EXPECT_EQ(world.identity.tenants().List(world.By(world.Root()), {})->rows.size(), 3U);
}

TEST(Tenancy, OnlyTheInstallationChangesTenants) {
  World world;
  const House a(world, "a");
  const Actor actor = world.By(a.admin);
  EXPECT_EQ(CodeOf(world.identity.tenants().Create(actor, {.name = "x"})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(world.identity.tenants().Update(actor, a.tenant.id, {.name = "x"})),
            ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(world.identity.tenants().Create(world.By(world.Root()), {.name = "a"})),
            ErrorCode::kConflict);
}

}  // namespace
}  // namespace signalbox::identity
