#include "pipeline/identity/keys.h"

#include <gtest/gtest.h>

#include "pipeline/identity/identity_testing.h"
#include "pipeline/identity/token.h"
#include "pipeline/identity/widths.h"

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;
using request::PrivacyClass;
using request::Role;

TEST(Keys, TheFirstIsMadeOnceAndTheInstallations) {
  World world;
  EXPECT_TRUE(world.Knows(world.first));
  EXPECT_EQ(world.identity.EnsureAdmin(kNow).value(), std::nullopt);
  EXPECT_NE(world.directory->home_tenant(), "");
  EXPECT_TRUE(world.identity.tenants().Get(
      world.By(world.Root()), *TenantId::Parse(world.directory->home_tenant())));
}

TEST(Keys, CredentialsAreAskedForOnceSomebodyHasMadeAKey) {
  World world;
  EXPECT_FALSE(world.worker.Do([](DirectoryView& view) { return view.asks(); }));
  const request::Principal& nobody = request::Principal::Anonymous();
  const auto made = world.identity.keys().Create(world.By(nobody), {.name = "mine"});
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_TRUE(world.worker.Do([](DirectoryView& view) { return view.asks(); }));
  EXPECT_EQ(CodeOf(world.identity.keys().Create(world.By(nobody), {.name = "more"})),
            ErrorCode::kUnauthenticated);
  // That it is gone opens nothing.
  ASSERT_TRUE(world.identity.keys().Remove(world.By(world.Root()), made->change.after->id));
  EXPECT_TRUE(world.directory->asks());
}

TEST(Keys, OnlyTheHashIsStoredAndTheSecretIsShownOnce) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey made = world.NewKeyIn(tenant, {});
  const std::string_view secret = KeyToken::Parse(made.token)->secret;
  EXPECT_TRUE(made.token.ends_with(made.change.after->hint));
  int rows = 0;
  ASSERT_TRUE(world.sql->Query(
      "SELECT name, hint, models, tags, metadata, hash FROM identity_keys", {},
      [&](const store::Row& row) -> core::Status {
        ++rows;
        for (std::size_t column = 0; column < 5; ++column) {
          EXPECT_EQ(row.Text(column).find(secret), std::string_view::npos);
        }
        EXPECT_EQ(row.Bytes(5).size(), sizeof(KeyHash));
        return {};
      }));
  EXPECT_EQ(rows, 2);
}

TEST(Keys, ComeBackAsTheyWereMade) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const User user = world.NewUserIn(tenant, "anna");
  const Team team = world.identity.teams().Create(root, {.name = "core"}).value().after.value();
  const Project project = world.identity.projects()
                              .Create(root, {.name = "alpha", .team = team.id})
                              .value()
                              .after.value();
  const std::string metadata = R"({"__proto__":{"role":"admin"},"$ref":"env:HOME"})";
  const NewKey wanted{.name = "ci",
                      .rights = {.role = Role::kViewer,
                                 .models = {{"gpt-*", "a"}},
                                 .providers = {{"openai"}},
                                 .dialects = {{"openai_chat"}},
                                 .privacy = PrivacyClass::kSensitive,
                                 .expires = kNow + 24h,
                                 .owner = user.id,
                                 .team = team.id,
                                 .project = project.id},
                      .tags = {"a=1", "b"},
                      .metadata = metadata};
  const auto made = world.identity.keys().Create(root, wanted);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  const auto read = world.identity.keys().Get(root, made->change.after->id);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name, "ci");
  EXPECT_EQ(read->tags, wanted.tags);
  EXPECT_EQ(read->metadata, metadata);
  EXPECT_EQ(read->rights.project, project.id);
  EXPECT_EQ(read->rights.expires, kNow + 24h);
  EXPECT_EQ(WiderField(read->rights, wanted.rights), "");
  EXPECT_EQ(WiderField(wanted.rights, read->rights), "");
  EXPECT_EQ(read->stamp.version, 1);
  EXPECT_EQ(world.Who(made->token).grant->role, Role::kViewer);
}

TEST(Keys, APatchNamesTheVersionThatItChanges) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const KeyId id = world.NewKeyIn(tenant, {}).change.after->id;
  const auto first = world.identity.keys().Update(root, id, {.version = 1, .name = "two"});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->before->name, "key");
  EXPECT_EQ(first->after->name, "two");
  EXPECT_EQ(first->after->stamp.version, 2);
  EXPECT_EQ(CodeOf(world.identity.keys().Update(root, id, {.version = 1, .name = "three"})),
            ErrorCode::kConflict);
  EXPECT_EQ(world.identity.keys().Get(root, id)->name, "two");
}

TEST(Keys, ARevokedKeyStaysRevoked) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const Actor root = world.By(world.Root(), tenant.id.Text());
  const IssuedKey made = world.NewKeyIn(tenant, {});
  const KeyId id = made.change.after->id;
  ASSERT_TRUE(world.identity.keys().Revoke(root, id));
  EXPECT_FALSE(world.Knows(made.token));
  EXPECT_TRUE(world.identity.keys().Revoke(root, id));
  EXPECT_EQ(CodeOf(world.identity.keys().Update(root, id, {.name = "again"})),
            ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(world.identity.keys().Rotate(root, id, 0s)), ErrorCode::kConflict);
  EXPECT_EQ(world.identity.keys().Get(root, id)->revoked, kNow);
}

TEST(Keys, AMemberHasTheirOwnAndNoOthers) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const User anna = world.NewUserIn(tenant, "anna");
  const User ben = world.NewUserIn(tenant, "ben");
  const request::Principal annas = world.Holder(tenant, {.owner = anna.id});
  const IssuedKey bens = world.NewKeyIn(tenant, {.owner = ben.id});
  const Actor actor = world.By(annas);
  Keys& keys = world.identity.keys();
  const auto own = keys.Create(actor, {.name = "second"});
  ASSERT_TRUE(own.has_value()) << own.error().message;
  EXPECT_EQ(own->change.after->rights.owner, anna.id);
  EXPECT_EQ(CodeOf(keys.Create(actor, {.name = "x", .rights = {.owner = ben.id}})),
            ErrorCode::kForbidden);
  EXPECT_EQ(keys.List(actor, {})->rows.size(), 2U);
  EXPECT_EQ(keys.List(actor, {{}, ben.id})->rows.size(), 0U);
  const KeyId id = bens.change.after->id;
  EXPECT_EQ(CodeOf(keys.Get(actor, id)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(keys.Update(actor, id, {.name = "mine"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(keys.Rotate(actor, id, 0s)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(keys.Revoke(actor, id)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(keys.Remove(actor, id)), ErrorCode::kNotFound);
  EXPECT_TRUE(world.Knows(bens.token));
}

TEST(Keys, AServicesKeyHandlesItselfAlone) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const IssuedKey made = world.NewKeyIn(tenant, {});
  world.NewKeyIn(tenant, {});
  const request::Principal who = world.Who(made.token);
  const Actor actor = world.By(who);
  Keys& keys = world.identity.keys();
  EXPECT_EQ(CodeOf(keys.Create(actor, {.name = "x"})), ErrorCode::kForbidden);
  ASSERT_EQ(keys.List(actor, {})->rows.size(), 1U);
  const auto renewed = keys.Rotate(actor, made.change.after->id, 0s);
  ASSERT_TRUE(renewed.has_value());
  EXPECT_FALSE(world.Knows(made.token));
  EXPECT_TRUE(world.Knows(renewed->token));
  ASSERT_TRUE(keys.Revoke(actor, made.change.after->id));
  EXPECT_FALSE(world.Knows(renewed->token));
}

TEST(Keys, AnOperatorReadsAndRevokesAll) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const request::Principal who = world.Holder(tenant, {.role = Role::kOperator});
  const IssuedKey other = world.NewKeyIn(tenant, {});
  const KeyId id = other.change.after->id;
  const Actor actor = world.By(who);
  Keys& keys = world.identity.keys();
  EXPECT_TRUE(keys.Get(actor, id));
  EXPECT_EQ(keys.List(actor, {})->rows.size(), 2U);
  EXPECT_EQ(CodeOf(keys.Update(actor, id, {.name = "x"})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(keys.Rotate(actor, id, 0s)), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(keys.Remove(actor, id)), ErrorCode::kForbidden);
  EXPECT_TRUE(keys.Revoke(actor, id));
  EXPECT_FALSE(world.Knows(other.token));
}

TEST(Keys, ABoundedAdminNeverHoldsAWiderSecret) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const request::Principal who =
      world.Holder(tenant, {.role = Role::kAdmin, .models = {{"gpt-*"}}});
  const KeyId wide = world.NewKeyIn(tenant, {}).change.after->id;
  const Actor actor = world.By(who);
  Keys& keys = world.identity.keys();
  EXPECT_EQ(CodeOf(keys.Create(actor, {.name = "x"})), ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(keys.Rotate(actor, wide, 0s)), ErrorCode::kForbidden);
  EXPECT_TRUE(keys.Update(actor, wide, {.name = "renamed"}));
  EXPECT_TRUE(keys.Update(actor, wide, {.models = request::NameRules{{"claude", "gpt-4"}}}));
  EXPECT_EQ(CodeOf(keys.Update(actor, wide, {.models = request::NameRules{}})),
            ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(keys.Update(actor, wide, {.models = request::NameRules{{"o3"}}})),
            ErrorCode::kForbidden);
  EXPECT_TRUE(keys.Update(actor, wide, {.models = request::NameRules{{"gpt-5"}}}));
}

TEST(Keys, TheInstallationsAreOutOfATenantsReach) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  const request::Principal admin = world.Holder(tenant, {.role = Role::kAdmin});
  const KeyId first = *KeyId::Parse(world.Root().id);
  Keys& keys = world.identity.keys();
  for (const std::string& where : {std::string(), std::string(kInstallation)}) {
    EXPECT_EQ(CodeOf(keys.Get(world.By(admin, where), first)), ErrorCode::kNotFound);
    EXPECT_EQ(CodeOf(keys.Revoke(world.By(admin, where), first)), ErrorCode::kNotFound);
  }
  EXPECT_EQ(CodeOf(keys.Create(world.By(admin, std::string(kInstallation)), {.name = "x"})),
            ErrorCode::kNotFound);
  const auto second =
      keys.Create(world.By(world.Root(), std::string(kInstallation)),
                  {.name = "watcher", .rights = {.role = Role::kOperator}});
  ASSERT_TRUE(second.has_value()) << second.error().message;
  const request::Principal watcher = world.Who(second->token);
  EXPECT_FALSE(watcher.grant->of_tenant);
  EXPECT_EQ(CodeOf(keys.Create(world.By(watcher, std::string(kInstallation)),
                               {.name = "x", .rights = {.role = Role::kAdmin}})),
            ErrorCode::kForbidden);
  EXPECT_EQ(CodeOf(keys.Create(world.By(world.Root(), "tenant_" + std::string(32, '0')),
                               {.name = "x"})),
            ErrorCode::kNotFound);
}

TEST(Keys, ListsGoOnWhereTheyStoppedAndSearchWhatIsWritten) {
  World world;
  const Tenant tenant = world.NewTenantNamed("acme");
  for (int i = 0; i < 25; ++i) {
    world.NewKeyIn(tenant, {}, i % 5 == 0 ? "100%_" + std::to_string(i) : "1000x");
  }
  const Actor root = world.By(world.Root(), tenant.id.Text());
  KeyQuery query;
  query.limit = 10;
  std::vector<KeyId> seen;
  do {
    const auto page = world.identity.keys().List(root, query);
    ASSERT_TRUE(page.has_value()) << page.error().message;
    for (const Key& key : page->rows) {
      seen.push_back(key.id);
    }
    query.after = page->next;
  } while (!query.after.empty());
  EXPECT_EQ(seen.size(), 25U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  query.search = "0%_";
  EXPECT_EQ(world.identity.keys().List(root, query)->rows.size(), 5U);
  query.search = "%";
  query.limit = 2;
  EXPECT_EQ(world.identity.keys().List(root, query)->rows.size(), 2U);
  query.search = std::string(1000, '%');
  EXPECT_EQ(CodeOf(world.identity.keys().List(root, query)), ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace signalbox::identity
