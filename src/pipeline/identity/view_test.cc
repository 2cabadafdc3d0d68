#include "pipeline/identity/view.h"

#include <gtest/gtest.h>

#include "pipeline/identity/identity_testing.h"
#include "pipeline/identity/token.h"

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;
using request::Role;

TEST(DirectoryView, SaysWhoAKeyIs) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const User user = world.NewUserIn(tenant, "anna");
  const IssuedKey made =
      world.NewKeyIn(tenant, {.models = {{"gpt-*"}}, .owner = user.id}, "laptop");
  const request::Principal who = world.Who(made.token);
  EXPECT_EQ(who.id, made.change.after->id.Text());
  ASSERT_NE(who.grant, nullptr);
  EXPECT_EQ(who.grant->parties.tenant, tenant.id);
  EXPECT_EQ(who.grant->parties.user, user.id);
  EXPECT_EQ(who.grant->name, "laptop");
  EXPECT_TRUE(who.grant->of_tenant);
  EXPECT_EQ(who.grant->role, Role::kMember);
  EXPECT_FALSE(who.grant->models.Allows("claude"));
  EXPECT_FALSE(world.Root().grant->of_tenant);
  EXPECT_EQ(world.Root().grant->role, Role::kAdmin);
}

TEST(DirectoryView, TakesNoOtherTextForAKey) {
  World world;
  for (const std::string_view text : {"", " ", "null", "0", "[]", "true", "sb_", "sk-x-garbage"}) {
    EXPECT_EQ(CodeOf(world.worker.Find(text)), ErrorCode::kUnauthenticated) << text;
  }
  std::string whole = world.first;
  EXPECT_TRUE(world.Knows(whole));
  EXPECT_FALSE(world.Knows(whole + " "));
  EXPECT_FALSE(world.Knows(" " + whole));
  EXPECT_FALSE(world.Knows(std::string_view(whole).substr(0, whole.size() - 1)));
}

TEST(DirectoryView, EveryByteEverywhereButTheRightOneIsRefused) {
  World world;
  const std::string right = world.first;
  const std::size_t refused = world.worker.Do([&](DirectoryView& view) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < right.size(); ++at) {
      for (int byte = 0x20; byte <= 0xff; ++byte) {
        std::string token = right;
        token[at] = static_cast<char>(byte);
        count += token != right && !view.Find(token, kNow).has_value() ? 1 : 0;
      }
    }
    return count;
  });
  // An id's digits may be written in capitals, so some places take two bytes.
  std::size_t same = 0;
  for (std::size_t at = 0; at < right.size(); ++at) {
    std::string token = right;
    token[at] = static_cast<char>(std::toupper(token[at]));
    same += token != right && world.Knows(token) ? 1 : 0;
  }
  EXPECT_LE(same, kIdSize);
  EXPECT_EQ(refused + same, right.size() * (0x100 - 0x20 - 1));
}

TEST(DirectoryView, AKeyIsAsGoodAsItsOwnerAndItsTenant) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const User user = world.NewUserIn(tenant, "anna", Role::kAdmin);
  const std::string token =
      world.NewKeyIn(tenant, {.role = Role::kAdmin, .owner = user.id}).token;
  const std::string other = world.NewKeyIn(tenant, {}).token;
  const Actor root = world.By(world.Root(), tenant.id.Text());
  ASSERT_TRUE(world.identity.users().Update(root, user.id, {.role = Role::kViewer}));
  EXPECT_EQ(world.Who(token).grant->role, Role::kViewer);
  ASSERT_TRUE(world.identity.users().Update(root, user.id, {.active = false}));
  EXPECT_FALSE(world.Knows(token));
  ASSERT_TRUE(world.identity.users().Update(root, user.id, {.active = true}));
  EXPECT_TRUE(world.Knows(token));
  ASSERT_TRUE(world.identity.tenants().Update(root, tenant.id, {.active = false}));
  EXPECT_FALSE(world.Knows(token));
  EXPECT_FALSE(world.Knows(other));
  ASSERT_TRUE(world.identity.tenants().Update(root, tenant.id, {.active = true}));
  ASSERT_TRUE(world.identity.users().Remove(root, user.id));
  EXPECT_FALSE(world.Knows(token));
  EXPECT_TRUE(world.Knows(other));
}

TEST(DirectoryView, ARequestKeepsTheGrantThatItBeganWith) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey made = world.NewKeyIn(tenant, {}, "before");
  const request::Principal before = world.Who(made.token);
  const KeyId id = made.change.after->id;
  const Actor root = world.By(world.Root(), tenant.id.Text());
  ASSERT_TRUE(world.identity.keys().Update(root, id, {.name = "after"}));
  EXPECT_EQ(before.grant->name, "before");
  EXPECT_EQ(world.Who(made.token).grant->name, "after");
  ASSERT_TRUE(world.identity.keys().Revoke(root, id));
  EXPECT_FALSE(world.Knows(made.token));
  EXPECT_EQ(before.grant->name, "before");
}

TEST(DirectoryView, AKeyEndsWhenItExpires) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const std::string token = world.NewKeyIn(tenant, {.expires = kNow + 10s}).token;
  EXPECT_TRUE(world.Knows(token, kNow + 9s));
  EXPECT_EQ(CodeOf(world.worker.Find(token, kNow + 10s)), ErrorCode::kUnauthenticated);
}

TEST(DirectoryView, ARotatedKeyTakesTheOldSecretForItsGrace) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey made = world.NewKeyIn(tenant, {});
  const KeyId id = made.change.after->id;
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const auto second = world.identity.keys().Rotate(root, id, 1h).value();
  EXPECT_TRUE(world.Knows(second.token, kNow + 2h));
  EXPECT_TRUE(world.Knows(made.token, kNow + 59min));
  EXPECT_FALSE(world.Knows(made.token, kNow + 1h));
  const auto third = world.identity.keys().Rotate(root, id, 0s).value();
  EXPECT_TRUE(world.Knows(third.token));
  EXPECT_FALSE(world.Knows(second.token));
  EXPECT_FALSE(world.Knows(made.token));
}

}  // namespace
}  // namespace signalbox::identity
