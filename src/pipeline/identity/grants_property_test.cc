#include <gtest/gtest.h>

#include "base/core/random.h"
#include "pipeline/identity/identity_testing.h"
#include "pipeline/identity/widths.h"

// P4: for random makers and random wishes, nothing that comes out is wider than its maker.
namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;
using request::NameRules;
using request::PrivacyClass;
using request::Role;

class Wishes {
 public:
  explicit Wishes(std::uint64_t seed) : random_(seed) {}

  std::size_t Of(std::size_t count) { return random_.Next() % count; }
  NameRules Names() {
    static const std::vector<NameRules> kSome = {
        {}, {{"*"}}, {{"gpt-*"}}, {{"gpt-4o"}}, {{"gpt-4*", "o3"}}, {{"claude"}}};
    return kSome[Of(kSome.size())];
  }
  Role SomeRole() { return static_cast<Role>(Of(4)); }
  PrivacyClass SomePrivacy() { return static_cast<PrivacyClass>(Of(3)); }
  core::WallTime SomeEnd() {
    if (Of(2) == 0) {
      return core::WallTime::max();
    }
    return kNow + std::chrono::hours(1 + Of(3));
  }
  KeyRights Rights() {
    return {.role = SomeRole(),
            .models = Names(),
            .providers = Names(),
            .dialects = Names(),
            .privacy = SomePrivacy(),
            .expires = SomeEnd()};
  }
  KeyPatch Patch() {
    KeyPatch patch;
    if (Of(2) == 0) {
      patch.role = SomeRole();
    }
    if (Of(2) == 0) {
      patch.models = Names();
    }
    if (Of(2) == 0) {
      patch.providers = Names();
    }
    if (Of(2) == 0) {
      patch.dialects = Names();
    }
    if (Of(2) == 0) {
      patch.privacy = SomePrivacy();
    }
    if (Of(2) == 0) {
      patch.expires = SomeEnd();
    }
    return patch;
  }

 private:
  core::Random random_;
};

TEST(Grants, NobodyMakesAKeyWiderThanTheirOwn) {
  World world;
  Wishes wishes(4);
  const Tenant tenant = world.NewTenantNamed("acme");
  const User user = world.NewUserIn(tenant, "anna", Role::kAdmin);
  int made = 0;
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    KeyRights rights = wishes.Rights();
    rights.owner = user.id;
    const request::Principal maker = world.Holder(tenant, rights);
    KeyRights wish = wishes.Rights();
    wish.owner = user.id;
    const auto issued =
        world.identity.keys().Create(world.By(maker), {.name = "k", .rights = wish});
    if (!issued) {
      EXPECT_EQ(issued.error().code, core::ErrorCode::kForbidden) << issued.error().message;
      ++refused;
      continue;
    }
    ++made;
    const request::Principal child = world.Who(issued->token);
    EXPECT_EQ(WiderField(RightsOf(*maker.grant), RightsOf(*child.grant)), "");
  }
  EXPECT_GT(made, 5);
  EXPECT_GT(refused, 50);
}

TEST(Grants, NobodyPatchesAKeyBeyondWhatItAndTheyHad) {
  World world;
  Wishes wishes(5);
  const Tenant tenant = world.NewTenantNamed("acme");
  const User user = world.NewUserIn(tenant, "anna", Role::kAdmin);
  int changed = 0;
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    KeyRights rights = wishes.Rights();
    rights.owner = user.id;
    const request::Principal maker = world.Holder(tenant, rights);
    KeyRights has = wishes.Rights();
    has.owner = user.id;
    const IssuedKey key = world.NewKeyIn(tenant, has);
    const KeyId id = key.change.after->id;
    const auto patched = world.identity.keys().Update(world.By(maker), id, wishes.Patch());
    const Key after =
        world.identity.keys().Get(world.By(world.Root(), tenant.id.Text()), id).value();
    if (!patched) {
      ++refused;
      EXPECT_EQ(after.stamp.version, 1);
      continue;
    }
    ++changed;
    EXPECT_TRUE(WiderField(has, after.rights).empty() ||
                WiderField(RightsOf(*maker.grant), after.rights).empty());
    // Its secret is never theirs to renew while it is wider.
    if (!WiderField(RightsOf(*maker.grant), after.rights).empty()) {
      EXPECT_FALSE(world.identity.keys().Rotate(world.By(maker), id, 0s).has_value());
    }
  }
  EXPECT_GT(changed, 20);
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace signalbox::identity
