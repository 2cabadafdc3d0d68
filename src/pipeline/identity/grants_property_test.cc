#include <gtest/gtest.h>

#include <optional>
#include <utility>

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
    Sometimes(patch.role, SomeRole());
    Sometimes(patch.models, Names());
    Sometimes(patch.providers, Names());
    Sometimes(patch.dialects, Names());
    Sometimes(patch.privacy, SomePrivacy());
    Sometimes(patch.expires, SomeEnd());
    return patch;
  }

 private:
  template <typename T>
  void Sometimes(std::optional<T>& field, T value) {
    if (Of(2) == 0) {
      field = std::move(value);
    }
  }

  core::Random random_;
};

class Grants : public testing::Test {
 protected:
  KeyRights Rights() {
    KeyRights rights = wishes_.Rights();
    rights.owner = user_.id;
    return rights;
  }
  request::Principal Maker() { return world_.Holder(tenant_, Rights()); }

  World world_;
  Wishes wishes_{4};
  const Tenant tenant_ = world_.NewTenantNamed("acme");
  const User user_ = world_.NewUserIn(tenant_, "anna", Role::kAdmin);
};

TEST_F(Grants, NobodyMakesAKeyWiderThanTheirOwn) {
  int made = 0;
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    const request::Principal maker = Maker();
    const auto issued =
        world_.identity.keys().Create(world_.By(maker), {.name = "k", .rights = Rights()});
    if (!issued) {
      EXPECT_EQ(issued.error().code, core::ErrorCode::kForbidden) << issued.error().message;
      ++refused;
      continue;
    }
    ++made;
    const request::Principal child = world_.Who(issued->token);
    EXPECT_EQ(WiderField(RightsOf(*maker.grant), RightsOf(*child.grant)), "");
  }
  EXPECT_GT(made, 5);
  EXPECT_GT(refused, 50);
}

TEST_F(Grants, NobodyPatchesAKeyBeyondWhatItAndTheyHad) {
  int changed = 0;
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    const request::Principal maker = Maker();
    const KeyRights has = Rights();
    const IssuedKey key = world_.NewKeyIn(tenant_, has);
    const KeyId id = key.change.after->id;
    const auto patched = world_.identity.keys().Update(world_.By(maker), id, wishes_.Patch());
    const Key after =
        world_.identity.keys().Get(world_.By(world_.Root(), tenant_.id.Text()), id).value();
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
      EXPECT_FALSE(world_.identity.keys().Rotate(world_.By(maker), id, 0s).has_value());
    }
  }
  EXPECT_GT(changed, 20);
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace signalbox::identity
