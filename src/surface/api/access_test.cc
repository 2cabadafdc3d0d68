#include "surface/api/access.h"

#include <gtest/gtest.h>

namespace signalbox::api {
namespace {

using net::Method;

const std::string kKey = "0123456789abcdef-key";

AccessRules Rules(const std::string& key = "") {
  return AccessRules({.key = config::Secret(key)});
}

using FieldList = std::vector<net::Field>;

net::RequestHead Head(Method method, std::string_view host, const FieldList& fields = {}) {
  net::RequestHead head;
  head.method = method;
  head.host = host;
  for (const net::Field& field : fields) {
    head.fields.Add(field);
  }
  return head;
}

std::string Guard(const AccessRules& rules, const net::RequestHead& head) {
  const core::Status checked = rules.CheckGuards(head);
  return checked ? "ok" : std::string(core::Name(checked.error().code));
}

// P30: a web page's own name for this machine is not answered.
TEST(Access, WithoutAKeyOnlyNamesOfThisMachineAreAnswered) {
  const std::pair<const char*, const char*> cases[] = {
      {"localhost", "ok"},
      {"localhost:8080", "ok"},
      {"127.0.0.1:8080", "ok"},
      {"127.9.9.9", "ok"},
      {"[::1]:8080", "ok"},
      {"[::1]", "ok"},
      {"", "ok"},  // HTTP/1.0
      {"evil.example", "misdirected_request"},
      {"evil.example:8080", "misdirected_request"},
      {"localhost.evil.example", "misdirected_request"},
      {"127.0.0.1.evil.example", "misdirected_request"},
      {"127.1", "misdirected_request"},
      {"2130706433", "misdirected_request"},
      {"0.0.0.0:8080", "misdirected_request"},
      {"128.0.0.1", "misdirected_request"},
      {"[::2]", "misdirected_request"},
      {"[::ffff:8.8.8.8]", "misdirected_request"},
      {"192.168.1.5:8080", "misdirected_request"},
  };
  for (const auto& [host, expected] : cases) {
    EXPECT_EQ(Guard(Rules(), Head(Method::kGet, host)), expected) << host;
    EXPECT_EQ(Guard(Rules(kKey), Head(Method::kGet, host)), "ok") << host;
  }
}

TEST(Access, AnotherSitesPageMayReadButNotWrite) {
  struct Case {
    FieldList fields;
    const char* post;
  };
  const Case cases[] = {
      {{}, "ok"},
      {{{"Origin", "http://localhost:8080"}}, "ok"},
      {{{"Origin", "https://LOCALHOST:8080"}}, "ok"},
      {{{"Origin", "http://localhost:9090"}}, "forbidden"},
      {{{"Origin", "http://localhost"}}, "forbidden"},
      {{{"Origin", "https://evil.example"}}, "forbidden"},
      {{{"Origin", "null"}}, "forbidden"},
      {{{"Origin", ""}}, "forbidden"},
      {{{"Sec-Fetch-Site", "cross-site"}}, "forbidden"},
      {{{"Sec-Fetch-Site", "same-site"}}, "forbidden"},
      {{{"Sec-Fetch-Site", "same-origin"}}, "ok"},
      {{{"Sec-Fetch-Site", "none"}}, "ok"},
      {{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}}, "forbidden"},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://localhost:8080"}}, "forbidden"},
  };
  for (const AccessRules& rules : {Rules(), Rules(kKey)}) {
    for (const Case& each : cases) {
      for (const Method method :
           {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kOptions}) {
        EXPECT_EQ(Guard(rules, Head(method, "localhost:8080", each.fields)), each.post)
            << Name(method) << " " << (each.fields.empty() ? "" : each.fields[0].value);
      }
      EXPECT_EQ(Guard(rules, Head(Method::kGet, "localhost:8080", each.fields)), "ok");
      EXPECT_EQ(Guard(rules, Head(Method::kHead, "localhost:8080", each.fields)), "ok");
    }
  }
}

bool LetsIn(const AccessRules& rules, const FieldList& fields, const Rule& access = Rule::Key()) {
  return rules.Recognize(Head(Method::kGet, "localhost", fields), access).value().has_value();
}

TEST(Access, WithAKeyOnlyThatKeyIsLetIn) {
  const AccessRules rules = Rules(kKey);
  ASSERT_TRUE(rules.has_key());
  const std::string bearer = "Bearer " + kKey;
  const std::string lower = "bearer " + kKey;
  EXPECT_TRUE(LetsIn(rules, {{"Authorization", bearer}}));
  EXPECT_TRUE(LetsIn(rules, {{"authorization", lower}}));
  EXPECT_TRUE(LetsIn(rules, {{"X-Api-Key", kKey}}));
  EXPECT_TRUE(LetsIn(rules, {{"Authorization", "Basic abc"}, {"x-api-key", kKey}}));
  const std::string longer = bearer + "x";
  const std::string shorter = bearer.substr(0, bearer.size() - 1);
  const std::string prefixed = "Bearer  " + kKey;
  for (const std::string_view wrong :
       {std::string_view(longer), std::string_view(shorter), std::string_view(prefixed),
        std::string_view(kKey), std::string_view("Bearer "), std::string_view("Bearer"),
        std::string_view(""), std::string_view("Bearer sk-x-garbage"),
        std::string_view("Bearer ' OR 1=1 --")}) {
    EXPECT_FALSE(LetsIn(rules, {{"Authorization", wrong}})) << wrong;
  }
  EXPECT_FALSE(LetsIn(rules, {}));
  EXPECT_FALSE(LetsIn(rules, {{"x-api-key", ""}}));
  EXPECT_FALSE(LetsIn(rules, {{"Authorization", "Bearer wrong"}, {"x-api-key", kKey}}))
      << "a wrong bearer token is not made good by another field";
}

TEST(Access, OpenRoutesNeedNoKey) {
  EXPECT_TRUE(LetsIn(Rules(kKey), {}, Rule::Open()));
  EXPECT_TRUE(LetsIn(Rules(), {}, Rule::Key()));
}

TEST(Access, APrincipalWithTheKeyIsNamedAndOneWithoutIsAnonymous) {
  const std::string bearer = "Bearer " + kKey;
  const auto known =
      Rules(kKey)
          .Recognize(Head(Method::kGet, "localhost", {{"authorization", bearer}}), Rule::Key())
          .value();
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->id, "access-key");
  const auto anyone = Rules().Recognize(Head(Method::kGet, "localhost"), Rule::Key()).value();
  ASSERT_TRUE(anyone.has_value());
  EXPECT_TRUE(anyone->anonymous());
}

TEST(Access, EveryVendorsClientsMaySendTheKeyInTheirOwnWay) {
  const AccessRules rules = Rules(kKey);
  EXPECT_TRUE(LetsIn(rules, {{"x-goog-api-key", kKey}}));
  EXPECT_TRUE(LetsIn(rules, {{"api-key", kKey}}));
  const auto by_url = [&](std::string_view path, const std::string& query) {
    net::RequestHead head = Head(Method::kPost, "localhost");
    head.path = path;
    head.query = query;
    return rules.Recognize(head, Rule::Key()).value().has_value();
  };
  EXPECT_TRUE(by_url("/v1beta/models/m:generateContent", "key=" + kKey));
  EXPECT_TRUE(by_url("/v1/models/m:streamGenerateContent", "alt=sse&key=" + kKey));
  EXPECT_FALSE(by_url("/v1beta/models/m:generateContent", "key=" + kKey + "x"));
  EXPECT_FALSE(by_url("/v1beta/models/m:generateContent", "monkey=" + kKey));
  EXPECT_FALSE(by_url("/v1/chat/completions", "key=" + kKey)) << "only Google's clients do that";
}

// P13: an empty key is no key, and nothing equals it.
TEST(Access, AnEmptyKeyIsNoKey) {
  EXPECT_FALSE(Rules("").has_key());
  const AccessRules rules = Rules(kKey);
  for (const char* empty : {"", " ", "Bearer ", "Bearer  "}) {
    EXPECT_FALSE(LetsIn(rules, {{"authorization", empty}}));
    EXPECT_FALSE(LetsIn(rules, {{"x-api-key", empty}}));
  }
}

}  // namespace
}  // namespace signalbox::api
