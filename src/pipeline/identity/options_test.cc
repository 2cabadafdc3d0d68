#include "pipeline/identity/options.h"

#include <gtest/gtest.h>

#include "pipeline/identity/role_map.h"

namespace signalbox::identity {
namespace {

using request::Role;

IssuerOptions Good() {
  IssuerOptions options;
  options.issuer = "https://id.example";
  options.audience = {"signalbox"};
  options.jwks_url = *config::ParseUrl("https://id.example/keys");
  options.role_map = {"boss=admin"};
  return options;
}

TEST(IdentityOptions, EachMistakeNamesItsKey) {
  const auto problem = [](auto change) {
    IdentityOptions options;
    options.oidc["id"] = Good();
    change(options.oidc["id"]);
    const auto problems = CheckOptions(options);
    return problems.empty() ? std::string() : problems.front().first;
  };
  EXPECT_EQ(problem([](IssuerOptions&) {}), "");
  EXPECT_EQ(
      problem([](IssuerOptions& o) { o.jwks_url = *config::ParseUrl("http://id.example/keys"); }),
      "oidc.id.jwks_url");
  EXPECT_EQ(problem([](IssuerOptions& o) {
              o.jwks_url = *config::ParseUrl("http://127.0.0.1:8000/keys");
            }),
            "");
  EXPECT_EQ(problem([](IssuerOptions& o) { o.jwks_url = {}; }), "") << "it is described";
  EXPECT_EQ(problem([](IssuerOptions& o) {
              o.jwks_url = {};
              o.issuer = "http://id.example";
            }),
            "oidc.id.jwks_url");
  EXPECT_EQ(problem([](IssuerOptions& o) {
              o.jwks_url = {};
              o.issuer = "accounts";
            }),
            "oidc.id.jwks_url");
  EXPECT_EQ(problem([](IssuerOptions& o) { o.tenant = "acme"; }), "oidc.id.tenant");
  EXPECT_EQ(problem([](IssuerOptions& o) { o.default_role = "root"; }), "oidc.id.default_role");
  EXPECT_EQ(problem([](IssuerOptions& o) { o.role_map = {"boss"}; }), "oidc.id.role_map");
  EXPECT_EQ(problem([](IssuerOptions& o) { o.role_map = {"=admin"}; }), "oidc.id.role_map");
}

TEST(IdentityOptions, AnIssuerStandsOnce) {
  IdentityOptions options;
  options.oidc["a"] = Good();
  options.oidc["b"] = Good();
  ASSERT_EQ(CheckOptions(options).size(), 1U);
  EXPECT_EQ(CheckOptions(options).front().first, "oidc.b.issuer");
}

TEST(IdentityOptions, TheTableIsWhole) {
  EXPECT_NE(IdentityTable().data()->Find("keys"), nullptr);
  EXPECT_NE(IdentityTable().data()->Find("oidc"), nullptr);
}

TEST(RoleMap, TheHighestThatAppliesCounts) {
  const std::vector<std::string> map = {"dev=member", "boss=admin", "https://x/?a=b=viewer"};
  const auto role = [&](std::vector<std::string> roles, std::optional<Role> otherwise = {}) {
    return MappedRole(map, roles, otherwise);
  };
  EXPECT_EQ(role({"boss", "dev"}), Role::kAdmin);
  EXPECT_EQ(role({"dev"}), Role::kMember);
  EXPECT_EQ(role({"https://x/?a=b"}, Role::kAdmin), Role::kViewer);
  EXPECT_EQ(role({"other"}), std::nullopt);
  EXPECT_EQ(role({}, Role::kViewer), Role::kViewer);
  EXPECT_EQ(role({"admin"}), std::nullopt);  // theirs is not ours
}

TEST(RoleMap, NamesReadBack) {
  for (const Role each : {Role::kViewer, Role::kMember, Role::kOperator, Role::kAdmin}) {
    EXPECT_EQ(RoleNamed(Name(each)), each);
  }
  EXPECT_EQ(RoleNamed(""), std::nullopt);
}

}  // namespace
}  // namespace signalbox::identity
