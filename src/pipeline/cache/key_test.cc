#include "pipeline/cache/key.h"

#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::cache {
namespace {

// A request, and everything about it that may make its key another one.
struct Asked {
  std::string body = R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]})";
  chat::Operation operation = chat::Operation::kChat;
  const wire::Dialect* dialect = &openai_chat::TheDialect();
  wire::Framing framing = wire::Framing::kSse;
  std::string path{};
  std::string vendor_fields{};
  std::string hint_model{};
  std::string hint_task{};
  std::string url_model{};
  std::string principal = "key_1";
  std::optional<request::Grant> grant{};
  Scope scope = Scope::kTenant;
  std::uint64_t epoch = 1;
};

Digest KeyOf(const Asked& asked) {
  static KeyMaker maker;
  json::Document document;
  EXPECT_TRUE(document.Parse(asked.body)) << asked.body;
  request::Call call{.dialect = asked.dialect, .operation = asked.operation, .body = asked.body};
  call.framing = asked.framing;
  call.path = asked.path;
  call.vendor_fields = asked.vendor_fields;
  call.hints.model = asked.hint_model;
  call.hints.labels.task = asked.hint_task;
  call.model = asked.url_model;
  auto envelope = asked.dialect->ReadEnvelope(document, asked.operation);
  EXPECT_TRUE(envelope.has_value()) << asked.body;
  request::Principal principal;
  principal.id = asked.principal;
  if (asked.grant) {
    principal.grant = std::make_shared<request::Grant>(*asked.grant);
  }
  return maker.Make({.call = call,
                     .principal = principal,
                     .envelope = *envelope,
                     .scope = asked.scope,
                     .epoch = asked.epoch},
                    document.Root());
}

Digest KeyOfBody(std::string body) {
  return KeyOf({.body = std::move(body)});
}

std::string With(std::string_view members) {
  return R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}])" + std::string(members) +
         "}";
}

request::Grant GrantOf(std::uint8_t tenant, std::uint8_t user = 0, std::uint8_t key = 0) {
  request::Grant grant;
  grant.parties.tenant.uuid.bytes[0] = tenant;
  grant.parties.user.uuid.bytes[0] = user;
  grant.parties.key.uuid.bytes[0] = key;
  return grant;
}

TEST(Key, IsTheSameForTheSameRequest) {
  EXPECT_EQ(KeyOf({}), KeyOf({}));
}

TEST(Key, DoesNotDependOnHowTheJsonIsWritten) {
  for (const auto& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {With(R"(,"temperature":1)"), With(" ,\n \"temperature\" :\t1 ")},
           {With(R"(,"temperature":1)"), With(R"(,"temperature":1.0)")},
           {With(R"(,"temperature":1)"), With(R"(,"temperature":1e0)")},
           {With(R"(,"temperature":0)"), With(R"(,"temperature":0.000)")},
           {With(R"(,"temperature":0.7)"), With(R"(,"temperature":0.70)")},
           {With(R"(,"temperature":0.7)"), With(R"(,"temperature":7e-1)")},
           {With(R"(,"n":-0.0)"), With(R"(,"n":0e9)")},
           {With(R"(,"n":1200)"), With(R"(,"n":1.2E+3)")},
           {With(R"(,"n":-10)"), With(R"(,"n":-1e1)")},
           {With(R"(,"seed":1,"n":2)"), With(R"(,"n":2,"seed":1)")},
           {With(""), R"({"messages":[{"content":"Hi","role":"user"}],"model":"gpt-4o"})"},
           {With(""), R"({"messages":[{"content":"\u0048i","role":"user"}],"model":"gpt-4o"})"},
           {With(""), R"({"m\u006fdel":"gpt-4o","messages":[{"role":"user","content":"Hi"}]})"},
           {With(R"(,"response_format":{"type":"json_object","x":1})"),
            With(R"(,"response_format":{"x":1,"type":"json_object"})")},
       }) {
    EXPECT_EQ(KeyOfBody(one), KeyOfBody(other)) << one << "\n" << other;
  }
}

TEST(Key, DependsOnEverythingThatMayChangeTheAnswer) {
  const std::vector<std::string> bodies = {
      With(""),
      With(R"(,"temperature":0.7)"),
      With(R"(,"temperature":0.71)"),
      With(R"(,"temperature":"0.7")"),
      With(R"(,"top_p":0.7)"),
      With(R"(,"seed":1)"),
      With(R"(,"seed":9007199254740993)"),
      With(R"(,"seed":9007199254740992)"),
      With(R"(,"seed":9007199254740992.5)"),
      With(R"(,"seed":18446744073709551616)"),
      With(R"(,"seed":18446744073709551617000000000)"),
      With(R"(,"n":1)"),
      With(R"(,"n":-1)"),
      With(R"(,"n":10)"),
      With(R"(,"n":0.1)"),
      With(R"(,"n":1e-2)"),
      With(R"(,"n":1e2)"),
      With(R"(,"n":1e99999999999999999999)"),
      With(R"(,"n":1e99999999999999999998)"),
      With(R"(,"n":null)"),
      With(R"(,"n":true)"),
      With(R"(,"n":"")"),
      With(R"(,"n":[])"),
      With(R"(,"n":{})"),
      With(R"(,"n":[[]])"),
      With(R"(,"n":[{}])"),
      With(R"(,"n":[1,2])"),
      With(R"(,"n":[12])"),
      With(R"(,"n":[2,1])"),
      With(R"(,"n":{"a":"b"})"),
      With(R"(,"n":{"a":{"b":1}})"),
      With(R"(,"n":["a","b"])"),
      With(R"(,"n":{"ab":""})"),
      With(R"(,"n":"\ud800")"),
      With(R"(,"n":"\ud801")"),
      With(R"(,"n":"\ufffd")"),
      With(R"(,"stop":"x")"),
      With(R"(,"stream":true)"),
      With(R"(,"stream":true,"stream_options":{"include_usage":true})"),
      With(R"(,"stream":true,"stream_options":{"include_usage":false})"),
      With(R"(,"tools":[{"type":"function","function":{"name":"a"}}])"),
      With(R"(,"tools":[{"type":"function","function":{"name":"b"}}])"),
      With(R"(,"tools":[{"type":"function","function":{"name":"a","parameters":)"
           R"({"properties":{"x":{},"y":{}}}}}])"),
      With(R"(,"tools":[{"type":"function","function":{"name":"a","parameters":)"
           R"({"properties":{"y":{},"x":{}}}}}])"),
      R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]})",
      R"({"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]})",
      R"({"model":"gpt-4o","messages":[{"role":"system","content":"Hi"}]})",
      R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi"},{"role":"user","content":""}]})",
      R"({"model":"gpt-4o","messages":[]})",
      R"({"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]})",
  };
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    for (std::size_t j = i + 1; j < bodies.size(); ++j) {
      EXPECT_NE(KeyOfBody(bodies[i]), KeyOfBody(bodies[j])) << bodies[i] << "\n" << bodies[j];
    }
  }
}

TEST(Key, LeavesOutWhatChangesNoAnswer) {
  for (const std::string_view more :
       {R"(,"user":"alice")", R"(,"metadata":{"x-signalbox-session":"7"})", R"(,"stream":false)",
        R"(,"stream_options":null)", R"(,"prompt_cache_key":"x")", R"(,"safety_identifier":"a")"}) {
    EXPECT_EQ(KeyOfBody(With("")), KeyOfBody(With(more))) << more;
  }
}

TEST(Key, DependsOnHowItIsAsked) {
  const std::vector<Asked> all = {
      {},
      {.dialect = &openai_chat::Completions()},
      {.framing = wire::Framing::kLines},
      {.path = "/elsewhere"},
      {.vendor_fields = "anthropic-beta: x\r\n"},
      {.hint_model = "x"},
      {.hint_task = "x"},
      {.url_model = "gpt-4o"},
      {.epoch = 2},
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      EXPECT_NE(KeyOf(all[i]), KeyOf(all[j])) << i << " " << j;
    }
  }
  const std::string text = R"({"model":"m","input":"Hi","messages":[],"prompt":"Hi"})";
  EXPECT_NE(KeyOf({.body = text, .operation = chat::Operation::kEmbeddings}),
            KeyOf({.body = text, .operation = chat::Operation::kModerations}));
}

TEST(Key, TenantsAreApartInEveryScope) {
  for (const Scope scope : {Scope::kTenant, Scope::kUser, Scope::kKey}) {
    EXPECT_NE(KeyOf({.grant = GrantOf(1), .scope = scope}),
              KeyOf({.grant = GrantOf(2), .scope = scope}));
    EXPECT_NE(KeyOf({.scope = scope}), KeyOf({.grant = GrantOf(2), .scope = scope}));
  }
}

TEST(Key, UsersAndKeysAreApartWhereTheScopeSaysSo) {
  const auto key = [](Scope scope, std::uint8_t user, std::uint8_t number) {
    return KeyOf({.principal = "key_" + std::to_string(number),
                  .grant = GrantOf(1, user, number),
                  .scope = scope});
  };
  EXPECT_EQ(key(Scope::kTenant, 1, 1), key(Scope::kTenant, 2, 2));
  EXPECT_EQ(key(Scope::kUser, 1, 1), key(Scope::kUser, 1, 2));
  EXPECT_NE(key(Scope::kUser, 1, 1), key(Scope::kUser, 2, 1));
  EXPECT_NE(key(Scope::kUser, 0, 1), key(Scope::kUser, 0, 2)) << "keys without a user";
  EXPECT_NE(key(Scope::kKey, 1, 1), key(Scope::kKey, 1, 2));
  EXPECT_EQ(key(Scope::kKey, 1, 1), key(Scope::kKey, 1, 1));
  EXPECT_NE(KeyOf({.body = With(R"(,"user":"a")"), .scope = Scope::kUser}),
            KeyOf({.body = With(R"(,"user":"b")"), .scope = Scope::kUser}))
      << "end users of one key";
}

TEST(Key, PrivacyClassesAreApart) {
  request::Grant internal = GrantOf(1);
  internal.privacy = request::PrivacyClass::kInternal;
  EXPECT_NE(KeyOf({.grant = internal}), KeyOf({.grant = GrantOf(1)}));
}

}  // namespace
}  // namespace signalbox::cache
