// The signatures are computed by io/net/sigv4, which has the examples of Amazon's documentation as
// its tests; here is what is given to it and what goes over the wire.
#include "io/store/s3/request.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace signalbox::s3 {
namespace {

constexpr core::WallTime kNow{std::chrono::seconds(1369353600)};  // 2013-05-24T00:00:00Z

net::AwsCredentials Credentials() {
  return {.access_key_id = "AKIAIOSFODNN7EXAMPLE",
          .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          .session_token = {},
          .region = "us-east-1",
          .service = "s3"};
}

Place PlaceOf(const std::string& endpoint, bool path_style, const std::string& region = "eu-1") {
  S3Options options;
  options.bucket = "my-bucket";
  options.region = region;
  options.path_style = path_style;
  if (!endpoint.empty()) {
    options.endpoint = config::ParseUrl(endpoint);
    EXPECT_TRUE(options.endpoint) << endpoint;
  }
  return Place::Of(options);
}

TEST(S3Request, KnowsWhereABucketIs) {
  const Place amazon = PlaceOf("", false);
  EXPECT_EQ(amazon.origin, "https://my-bucket.s3.eu-1.amazonaws.com");
  EXPECT_EQ(amazon.host, "my-bucket.s3.eu-1.amazonaws.com");
  EXPECT_EQ(amazon.path, "");
  const Place minio = PlaceOf("http://127.0.0.1:9000", true);
  EXPECT_EQ(minio.origin, "http://127.0.0.1:9000");
  EXPECT_EQ(minio.host, "127.0.0.1:9000");
  EXPECT_EQ(minio.path, "/my-bucket");
  EXPECT_EQ(PlaceOf("https://abc.r2.cloudflarestorage.com", true).host,
            "abc.r2.cloudflarestorage.com");
  EXPECT_EQ(PlaceOf("https://s3.example:443/", false).host, "my-bucket.s3.example");
  EXPECT_EQ(PlaceOf("http://[::1]:9000", true).host, "[::1]:9000");
}

TEST(S3Request, EncodesAsS3Signs) {
  EXPECT_EQ(Encoded("a/b c:d+e=f@g,h~i-j_k.l", true), "a/b%20c%3Ad%2Be%3Df%40g%2Ch~i-j_k.l");
  EXPECT_EQ(Encoded("a/b", false), "a%2Fb");
}

TEST(S3Request, SignsWhatGoesOverTheWire) {
  Place place = PlaceOf("", false);
  place.host = "examplebucket.s3.amazonaws.com";
  place.origin = "https://" + place.host;
  const WireRequest list = Sign({.method = "GET", .query = {{"max-keys", "2"}, {"prefix", "J"}}},
                                place, Credentials(), kNow);
  EXPECT_EQ(list.url, "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J");
  // The example of Amazon's documentation.
  EXPECT_NE(std::ranges::find_if(list.lines,
                                 [](const std::string& line) {
                                   return line.ends_with(
                                       "Signature=34b48302e7b5fa45bde8084f4b7868a8"
                                       "6f0a534bc59db6670ed5711ef69dc6f7");
                                 }),
            list.lines.end());
}

TEST(S3Request, SignsTheTokenAndEveryFieldOfS3) {
  net::AwsCredentials credentials = Credentials();
  credentials.session_token = "the-token";
  const WireRequest put =
      Sign({.method = "PUT",
            .key = "a/b.txt",
            .fields = {{"if-none-match", "*"}, {"x-amz-checksum-sha256", "AA=="}},
            .body = "text"},
           PlaceOf("http://127.0.0.1:9000", true), credentials, kNow);
  EXPECT_EQ(put.url, "http://127.0.0.1:9000/my-bucket/a/b.txt");
  EXPECT_NE(std::ranges::find(put.lines, "x-amz-security-token: the-token"), put.lines.end());
  EXPECT_NE(put.lines.back().find("SignedHeaders=host;if-none-match;x-amz-checksum-sha256;"
                                  "x-amz-content-sha256;x-amz-date;x-amz-security-token,"),
            std::string::npos)
      << put.lines.back();
}

TEST(S3Request, IsNotSignedWithoutCredentials) {
  const WireRequest get = Sign({.method = "GET", .key = "a.txt"}, PlaceOf("", false), {}, kNow);
  ASSERT_EQ(get.lines.size(), 1U);
  EXPECT_TRUE(get.lines.front().starts_with("x-amz-content-sha256: "));
}

TEST(S3Options, SayWhatDoesNotFit) {
  S3Options good;
  good.bucket = "my-bucket";
  EXPECT_TRUE(CheckOptions(good));
  const auto wrong = [&](auto change) {
    S3Options options = good;
    change(options);
    const core::Status status = CheckOptions(options);
    return status ? "" : status.error().param;
  };
  for (const char* const bucket : {"", "ab", "My-Bucket", "a..b", ".abc", "abc-", "a/b", "a b c"}) {
    EXPECT_EQ(wrong([&](S3Options& o) { o.bucket = bucket; }), "s3.bucket") << bucket;
  }
  for (const char* const prefix : {"a", "/", "../", "a//", "a b/"}) {
    EXPECT_EQ(wrong([&](S3Options& o) { o.prefix = prefix; }), "s3.prefix") << prefix;
  }
  EXPECT_EQ(wrong([](S3Options& o) { o.region = "eu 1"; }), "s3.region");
  EXPECT_EQ(wrong([](S3Options& o) { o.access_key_id = "AK"; }), "s3.access_key_id");
  EXPECT_EQ(wrong([](S3Options& o) {
              o.access_key_id = "AK\r\nx: y";
              o.secret_access_key = config::Secret("s");
            }),
            "s3.access_key_id");
  EXPECT_EQ(wrong([](S3Options& o) { o.endpoint = config::ParseUrl("http://a/b"); }),
            "s3.endpoint");
  EXPECT_EQ(wrong([](S3Options& o) { o.session_token = config::Secret("a\r\nx: y"); }),
            "s3.session_token");
}

}  // namespace
}  // namespace signalbox::s3
