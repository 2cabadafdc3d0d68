#include "pipeline/identity/jwt.h"

#include <gtest/gtest.h>

#include "pipeline/identity/base64url.h"
#include "pipeline/identity/issuer_testing.h"

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;

constexpr core::WallTime kNow{1'800'000'000s};

const IssuerOptions& Options() {
  static const IssuerOptions kOptions = [] {
    IssuerOptions options;
    options.issuer = "https://id.example";
    options.audience = {"signalbox"};
    return options;
  }();
  return kOptions;
}

std::string Claims(const std::string& more = "",
                   const std::string& times = R"("iat":1799999990,"exp":1800000060)") {
  return R"({"iss":"https://id.example","aud":"signalbox","sub":"anna",)" + times +
         (more.empty() ? "" : "," + more) + "}";
}

core::Result<Bearer> Read(const std::string& claims, const IssuerOptions& options = Options()) {
  const auto token =
      Jwt::Parse(ToBase64Url(R"({"alg":"RS256"})") + "." + ToBase64Url(claims) + ".c2ln");
  EXPECT_TRUE(token.has_value()) << token.error().message;
  return CheckClaims(*token, options, kNow);
}

class Algorithms : public testing::TestWithParam<Algorithm> {};

TEST_P(Algorithms, ASignatureIsThatOfOneKeyOverOneText) {
  const SigningKey key(GetParam(), "a");
  const SigningKey other(GetParam(), "b");
  const auto set = KeySet::Parse(KeySetOf({&key, &other}));
  ASSERT_TRUE(set.has_value());
  ASSERT_EQ(set->size(), 2U);
  const std::string text = key.Token(Claims());
  const auto token = Jwt::Parse(text);
  ASSERT_TRUE(token.has_value()) << token.error().message;
  EXPECT_EQ(token->key_id, "a");
  const PublicKey* public_key = set->Find("a", token->algorithm);
  ASSERT_NE(public_key, nullptr);
  EXPECT_TRUE(Verify(*public_key, token->signed_text, token->signature));
  EXPECT_FALSE(Verify(*set->Find("b", token->algorithm), token->signed_text, token->signature));
  EXPECT_FALSE(Verify(*public_key, std::string(token->signed_text) + "x", token->signature));
  for (std::size_t at = 0; at < token->signature.size(); ++at) {
    std::string signature = token->signature;
    signature[at] = static_cast<char>(signature[at] ^ 1);
    EXPECT_FALSE(Verify(*public_key, token->signed_text, signature)) << at;
  }
  EXPECT_FALSE(Verify(*public_key, token->signed_text, ""));
  EXPECT_FALSE(Verify(*public_key, token->signed_text, std::string(64, '\0')));
  EXPECT_EQ(set->Find("c", token->algorithm), nullptr);
  EXPECT_EQ(set->Find("", token->algorithm), nullptr);  // of two, none is the one
}

INSTANTIATE_TEST_SUITE_P(All, Algorithms,
                         testing::Values(Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa));

TEST(Jwt, NoAlgorithmButOurs) {
  for (const std::string_view name :
       {"none", "None", "NONE", "", "HS256", "HS512", "RS1", "rs256", "PS256", "ES384"}) {
    const std::string header = R"({"alg":")" + std::string(name) + R"("})";
    for (const std::string_view signature : {"", "c2ln"}) {
      EXPECT_FALSE(Jwt::Parse(ToBase64Url(header) + "." + ToBase64Url(Claims()) + "." +
                              std::string(signature))
                       .has_value())
          << name;
    }
  }
}

TEST(Jwt, AKeyOfOneAlgorithmVerifiesNoOther) {
  const SigningKey key(Algorithm::kEs256, "a");
  const auto set = KeySet::Parse(KeySetOf({&key}));
  EXPECT_EQ(set->Find("a", Algorithm::kRs256), nullptr);
  EXPECT_EQ(set->Find("a", Algorithm::kEdDsa), nullptr);
  EXPECT_NE(set->Find("", Algorithm::kEs256), nullptr);
}

TEST(Jwt, HeadersAreReadStrictly) {
  for (const std::string& header :
       {std::string(R"({"alg":"RS256","crit":["b64"],"b64":false})"), std::string("[]"),
        std::string(R"({"alg":"RS256","alg":"none"})"), std::string(R"({"alg":["RS256"]})"),
        std::string(R"({"alg":"RS256","kid":1})"), std::string("{}"), std::string()}) {
    EXPECT_FALSE(
        Jwt::Parse(ToBase64Url(header) + "." + ToBase64Url(Claims()) + ".c2ln").has_value())
        << header;
  }
}

TEST(Jwt, TokensAreWrittenInOneWayOnly) {
  const SigningKey key(Algorithm::kEdDsa, "a");
  const std::string text = key.Token(Claims());
  EXPECT_TRUE(Jwt::Parse(text));
  for (const std::string& other : {text + "=", text + " ", " " + text, text + ".", "." + text,
                                   text + "\n", std::string(".."), std::string()}) {
    EXPECT_FALSE(Jwt::Parse(other).has_value());
  }
  EXPECT_FALSE(Jwt::Parse(std::string(kMostTokenBytes, 'a') + ".a.a").has_value());
  // The last character of an odd part has bits that say nothing: they have to be zero.
  EXPECT_TRUE(FromBase64Url("YQ"));
  EXPECT_FALSE(FromBase64Url("YR").has_value());
  EXPECT_FALSE(FromBase64Url("Y").has_value());
  EXPECT_FALSE(FromBase64Url("YQ==").has_value());
}

TEST(Claims, SayWhoTheBearerIs) {
  const auto bearer = Read(Claims(R"("name":"Anna","email":"a@b.c","roles":["x","y",1,""])"));
  ASSERT_TRUE(bearer.has_value()) << bearer.error().message;
  EXPECT_EQ(bearer->subject, "anna");
  EXPECT_EQ(bearer->name, "Anna");
  EXPECT_EQ(bearer->email, "a@b.c");
  EXPECT_EQ(bearer->roles, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(bearer->expires, core::WallTime(1'800'000'060s) + Options().leeway);
}

TEST(Claims, LieWhereTheOptionsSay) {
  IssuerOptions options = Options();
  options.claims.roles = "realm_access.roles";
  options.claims.user = "https://x\\.y/id";
  const auto bearer =
      Read(Claims(R"("realm_access":{"roles":"admin"},"https://x.y/id":"u1")"), options);
  ASSERT_TRUE(bearer.has_value()) << bearer.error().message;
  EXPECT_EQ(bearer->subject, "u1");
  EXPECT_EQ(bearer->roles, std::vector<std::string>{"admin"});
}

TEST(Claims, AreRefusedOutsideOfTheirTime) {
  const auto good = [](const std::string& times) { return Read(Claims("", times)).has_value(); };
  EXPECT_TRUE(good(R"("exp":1800000001)"));
  EXPECT_TRUE(good(R"("exp":1799999980)"));  // within the leeway
  EXPECT_FALSE(good(R"("exp":1799999970)"));
  EXPECT_FALSE(good(R"("iat":1)"));  // no end
  EXPECT_FALSE(good(R"("exp":"1800000060")"));
  EXPECT_FALSE(good(R"("exp":null)"));
  EXPECT_FALSE(good(R"("exp":1e300)"));
  EXPECT_FALSE(good(R"("exp":-1)"));
  EXPECT_TRUE(good(R"("exp":1800000060,"nbf":1800000030)"));
  EXPECT_FALSE(good(R"("exp":1800000060,"nbf":1800000031)"));
  EXPECT_FALSE(good(R"("exp":1800000060,"nbf":"x")"));
  EXPECT_FALSE(good(R"("exp":1800000060,"iat":1800000031)"));
  EXPECT_FALSE(good(R"("exp":4000000000)"));  // for ever, and since when is not said
  EXPECT_TRUE(good(R"("exp":4000000000,"iat":1799999999)"));
  EXPECT_FALSE(good(R"("exp":4000000000,"iat":1799000000)"));  // older than max_age
}

TEST(Claims, AreRefusedForAnotherAudienceIssuerOrNobody) {
  const auto good = [](const std::string& claims) {
    return Read(R"({"iat":1799999990,"exp":1800000060,)" + claims + "}").has_value();
  };
  EXPECT_TRUE(good(R"("iss":"https://id.example","aud":["x","signalbox"],"sub":"a")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","aud":["x"],"sub":"a")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","aud":"","sub":"a")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","sub":"a")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example/","aud":"signalbox","sub":"a")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","aud":"signalbox")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","aud":"signalbox","sub":"")"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","aud":"signalbox","sub":0)"));
  EXPECT_FALSE(good(R"("iss":"https://id.example","aud":"signalbox","sub":"a\u0000b")"));
}

TEST(KeySet, LeavesOutWhatIsNoKeyOfOurs) {
  const auto size = [](const std::string& keys) {
    const auto set = KeySet::Parse(R"({"keys":[)" + keys + "]}");
    return set ? static_cast<int>(set->size()) : -1;
  };
  EXPECT_EQ(size(""), 0);
  EXPECT_EQ(size(R"({"kty":"oct","k":"c2VjcmV0"},1,null,{})"), 0);
  EXPECT_EQ(size(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})"), 0);  // 24 bits
  EXPECT_EQ(size(R"({"kty":"EC","crv":"P-256","x":")" + std::string(43, 'A') + R"(","y":")" +
                 std::string(43, 'A') + R"("})"),
            0);  // not on the curve
  const SigningKey key(Algorithm::kEs256, "a");
  std::string encrypting = key.Jwk();
  encrypting.replace(encrypting.find("\"sig\""), 5, "\"enc\"");
  EXPECT_EQ(size(encrypting), 0);
  std::string other = key.Jwk();
  other.replace(other.find("ES256"), 5, "ES384");
  EXPECT_EQ(size(other), 0);
  EXPECT_EQ(size(key.Jwk()), 1);
  EXPECT_FALSE(KeySet::Parse("{}").has_value());
  EXPECT_FALSE(KeySet::Parse("<html>").has_value());
}

}  // namespace
}  // namespace signalbox::identity
