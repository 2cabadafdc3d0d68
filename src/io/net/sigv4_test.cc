// The key, date, host and requests of AWS's published suite (aws-sig-v4-test-suite) and requests to
// Bedrock; the signatures are those that AWS's own SDK for Python (botocore) computes for them.
#include "io/net/sigv4.h"

#include <gtest/gtest.h>

#include <vector>

namespace signalbox::net {
namespace {

using std::chrono::days;
using std::chrono::seconds;

const AwsCredentials kSuite{.access_key_id = "AKIDEXAMPLE",
                            .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                            .session_token = {},
                            .region = "us-east-1",
                            .service = "service"};
constexpr core::WallTime kSuiteTime{seconds(1440938160)};  // 2015-08-30T12:36:00Z

std::string Sign(const AwsCredentials& credentials, const SigningRequest& request,
                 core::WallTime now) {
  std::string out;
  AppendSigned(credentials, SigningKey::Derive(credentials, now), request, now, out);
  return out;
}

std::string SignatureOf(const AwsCredentials& credentials, const SigningRequest& request,
                        core::WallTime now) {
  const std::string fields = Sign(credentials, request, now);
  const auto begin = fields.find("Signature=") + 10;
  return fields.substr(begin, fields.size() - begin - 2);
}

SigningRequest SuiteRequest(std::string_view path, std::string_view query = {}) {
  static const std::string kEmpty = Sha256Hex("");
  return {.method = "GET",
          .host = "example.amazonaws.com",
          .path = path,
          .query = query,
          .payload_sha256 = kEmpty};
}

TEST(SigV4, SignsTheRequestsOfThePublishedSuite) {
  EXPECT_EQ(Sign(kSuite, SuiteRequest("/"), kSuiteTime),
            "x-amz-date: 20150830T123600Z\r\n"
            "authorization: AWS4-HMAC-SHA256 "
            "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31\r\n");
  EXPECT_EQ(SignatureOf(kSuite, SuiteRequest("/", "Param2=value2&Param1=value1"), kSuiteTime),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  EXPECT_EQ(SignatureOf(kSuite, SuiteRequest("/", "Param1=value2&Param1=Value1"), kSuiteTime),
            "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1");
}

TEST(SigV4, SignsTheBodyAndTheFieldsItIsGiven) {
  const std::string hash = Sha256Hex("Param1=value1");
  const std::vector<SignedField> fields = {{"content-type", "application/x-www-form-urlencoded"}};
  SigningRequest request = SuiteRequest("/");
  request.method = "POST";
  request.payload_sha256 = hash;
  request.fields = fields;
  EXPECT_EQ(SignatureOf(kSuite, request, kSuiteTime),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

TEST(SigV4, TrimsTheValuesOfFields) {
  const std::vector<SignedField> fields = {{"my-header1", " value1 "},
                                           {"my-header2", " \"a   b   c\" "}};
  SigningRequest request = SuiteRequest("/");
  request.fields = fields;
  EXPECT_EQ(SignatureOf(kSuite, request, kSuiteTime),
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
}

TEST(SigV4, JoinsFieldsOfOneName) {
  const std::vector<SignedField> fields = {{"my-header1", "value2"}, {"my-header1", "value1"}};
  SigningRequest request = SuiteRequest("/");
  request.fields = fields;
  const CanonicalRequest canonical = Canonical(kSuite, request, kSuiteTime);
  EXPECT_NE(canonical.text.find("\nmy-header1:value2,value1\n"), std::string::npos);
  EXPECT_EQ(canonical.signed_fields, "host;my-header1;x-amz-date");
}

TEST(SigV4, NormalisesThePath) {
  const auto path = [](std::string_view raw) {
    const std::string text = Canonical(kSuite, SuiteRequest(raw), kSuiteTime).text;
    return text.substr(4, text.find('\n', 4) - 4);
  };
  EXPECT_EQ(path("/"), "/");
  EXPECT_EQ(path(""), "/");
  EXPECT_EQ(path("/example/..//./a b"), "/a%20b");
  EXPECT_EQ(path("/a/b/"), "/a/b/");
  EXPECT_EQ(path("/../a/."), "/a/");
  EXPECT_EQ(path("/\xe1\x88\xb4"), "/%E1%88%B4");
  EXPECT_EQ(path("/model/x%3A0/converse"), "/model/x%253A0/converse");
  EXPECT_EQ(SignatureOf(kSuite, SuiteRequest("/example/..//./a b"), kSuiteTime),
            "2f89b143c8b6185f1aaa7e6a642e05ddd060182a0473aca868e97f6907219bdc");
}

TEST(SigV4, SignsACallOfBedrockWithATokenOfASession) {
  AwsCredentials credentials = kSuite;
  credentials.session_token =
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpS"
      "PfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGd";
  credentials.region = "eu-west-1";
  credentials.service = "bedrock";
  const std::vector<SignedField> fields = {{"content-type", "application/json"}};
  const std::string hash = Sha256Hex(R"({"messages":[]})");
  const SigningRequest request{
      .method = "POST",
      .host = "bedrock-runtime.eu-west-1.amazonaws.com",
      .path = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream",
      .query = {},
      .payload_sha256 = hash,
      .fields = fields};
  constexpr core::WallTime kLastSecond{seconds(1798761599)};  // 2026-12-31T23:59:59Z
  EXPECT_EQ(Sign(credentials, request, kLastSecond),
            "x-amz-date: 20261231T235959Z\r\nx-amz-security-token: " + credentials.session_token +
                "\r\nauthorization: AWS4-HMAC-SHA256 "
                "Credential=AKIDEXAMPLE/20261231/eu-west-1/bedrock/aws4_request, "
                "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
                "Signature=cf3b185fb899dd3f05bfc48cf6e6be04f66a9af70854dbd6b76126b6811aad2d\r\n");
}

TEST(SigV4, SignsAnArnAndAPort) {
  AwsCredentials credentials = kSuite;
  credentials.service = "bedrock";
  const std::vector<SignedField> fields = {{"content-type", "application/json"}};
  SigningRequest request = SuiteRequest(
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F"
      "us.meta.llama3-1-70b-instruct-v1%3A0/converse");
  request.method = "POST";
  request.host = "bedrock-runtime.us-east-1.amazonaws.com:8443";
  request.fields = fields;
  EXPECT_EQ(SignatureOf(credentials, request, kSuiteTime),
            "f512b0f032aa278b9340934d2c723a488d008dc18ddcb7e4467eaec4bcd26043");
}

// Amazon S3's API reference, "Authenticating Requests: Using the Authorization Header", its
// examples.
AwsCredentials S3Credentials() {
  return {.access_key_id = "AKIAIOSFODNN7EXAMPLE",
          .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          .session_token = {},
          .region = "us-east-1",
          .service = "s3"};
}
constexpr core::WallTime kS3Time{seconds(1369353600)};  // 2013-05-24T00:00:00Z

SigningRequest S3Request(std::string_view method, std::string_view path, std::string_view query,
                         std::string_view hash, std::span<const SignedField> fields) {
  return {.method = method,
          .host = "examplebucket.s3.amazonaws.com",
          .path = path,
          .query = query,
          .payload_sha256 = hash,
          .fields = fields};
}

TEST(SigV4, SignsTheExamplesOfS3) {
  const std::string empty = Sha256Hex("");
  const std::vector<SignedField> range = {{"range", "bytes=0-9"}, {"x-amz-content-sha256", empty}};
  EXPECT_EQ(SignatureOf(S3Credentials(), S3Request("GET", "/test.txt", "", empty, range), kS3Time),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  const std::string hash = Sha256Hex("Welcome to Amazon S3.");
  const std::vector<SignedField> put = {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                                        {"x-amz-content-sha256", hash},
                                        {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  EXPECT_EQ(
      SignatureOf(S3Credentials(), S3Request("PUT", "/test%24file.text", "", hash, put), kS3Time),
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  const std::vector<SignedField> plain = {{"x-amz-content-sha256", empty}};
  EXPECT_EQ(
      SignatureOf(S3Credentials(), S3Request("GET", "/", "lifecycle=", empty, plain), kS3Time),
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(SignatureOf(S3Credentials(), S3Request("GET", "/", "max-keys=2&prefix=J", empty, plain),
                        kS3Time),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(SigV4, LeavesPathsOfS3AsTheyAre) {
  const std::string text =
      Canonical(S3Credentials(), S3Request("GET", "/a%20b//c/../d", "", "", {}), kS3Time).text;
  EXPECT_TRUE(text.starts_with("GET\n/a%20b//c/../d\n")) << text;
}

TEST(SigV4, AKeyIsGoodForItsDay) {
  const SigningKey key = SigningKey::Derive(kSuite, kSuiteTime);
  const core::WallTime midnight{seconds(1440979200)};
  EXPECT_TRUE(key.GoodFor(kSuiteTime));
  EXPECT_TRUE(key.GoodFor(midnight - std::chrono::nanoseconds(1)));
  EXPECT_FALSE(key.GoodFor(midnight));
  EXPECT_FALSE(key.GoodFor(kSuiteTime - days(1)));
  EXPECT_NE(key.digest(), SigningKey::Derive(kSuite, midnight).digest());
}

TEST(SigV4, HashesABodyInPieces) {
  const std::vector<std::string_view> pieces = {"Par", "", "am1=value1"};
  EXPECT_EQ(Sha256Hex(pieces), Sha256Hex("Param1=value1"));
  EXPECT_EQ(Sha256Hex(std::span<const std::string_view>()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace signalbox::net
