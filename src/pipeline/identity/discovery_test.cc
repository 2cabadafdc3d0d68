#include "pipeline/identity/discovery.h"

#include <gtest/gtest.h>

namespace signalbox::identity {
namespace {

constexpr const char* kIssuer = "https://id.example/realms/a";

std::string Keys(const std::string& page) {
  auto found = ReadJwksUrl(page, kIssuer);
  return found ? *found : std::string();
}

TEST(Discovery, TheDescriptionStandsBelowTheIssuer) {
  EXPECT_EQ(DiscoveryUrl(kIssuer), std::string(kIssuer) + "/.well-known/openid-configuration");
  EXPECT_EQ(DiscoveryUrl("https://id.example/"),
            "https://id.example/.well-known/openid-configuration");
}

TEST(Discovery, ItsKeysAreReadFromIt) {
  EXPECT_EQ(Keys(R"({"issuer":"https://id.example/realms/a","jwks_uri":"https://k.example/k"})"),
            "https://k.example/k");
}

TEST(Discovery, WhatIsAnotherIssuersOrNotSafeIsRefused) {
  for (const char* page :
       {"", "[]", "{}", R"({"issuer":"https://id.example/realms/a"})",
        R"({"jwks_uri":"https://k.example/k"})",
        R"({"issuer":"https://id.example/realms/b","jwks_uri":"https://k.example/k"})",
        R"({"issuer":"https://id.example/realms/a/","jwks_uri":"https://k.example/k"})",
        R"({"issuer":"https://id.example/realms/a","jwks_uri":"http://k.example/k"})",
        R"({"issuer":"https://id.example/realms/a","jwks_uri":"file:///k"})",
        R"({"issuer":"https://id.example/realms/a","jwks_uri":7})"}) {
    EXPECT_EQ(Keys(page), "") << page;
  }
}

}  // namespace
}  // namespace signalbox::identity
