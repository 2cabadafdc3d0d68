#include "io/store/s3/answers.h"

#include <gtest/gtest.h>

#include "io/store/s3/errors.h"

namespace signalbox::s3 {
namespace {

// As Amazon's API reference shows a listing.
constexpr std::string_view kListing = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>bucket</Name><Prefix/><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>
  <IsTruncated>true</IsTruncated>
  <Contents><Key>a &amp; b.txt</Key><LastModified>2009-10-12T17:50:30.123Z</LastModified>
    <ETag>"fba9dede5f27731c9771645a39863328"</ETag><Size>434234</Size>
    <StorageClass>STANDARD</StorageClass></Contents>
  <Contents><Key>c.txt</Key><LastModified>2009-10-12T17:50:30Z</LastModified>
    <ETag>&quot;0-2&quot;</ETag><Size>0</Size></Contents>
</ListBucketResult>)";

TEST(S3Answers, ReadsAListing) {
  const auto list = ParseList(kListing);
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_TRUE(list->truncated);
  ASSERT_EQ(list->objects.size(), 2U);
  EXPECT_EQ(list->objects[0].key, "a & b.txt");
  EXPECT_EQ(list->objects[0].size, 434'234U);
  EXPECT_EQ(list->objects[0].etag, "fba9dede5f27731c9771645a39863328");
  EXPECT_EQ(core::Iso8601(list->objects[0].modified), "2009-10-12T17:50:30.123Z");
  EXPECT_EQ(list->objects[1].etag, "0-2");
  EXPECT_EQ(core::Iso8601(list->objects[1].modified), "2009-10-12T17:50:30.000Z");
}

TEST(S3Answers, RefusesWhatIsNoListing) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string text(kListing);
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& xml :
       {std::string(), std::string("<a>"), std::string("{}"), std::string("<html></html>"),
        std::string(kListing.substr(0, 400)), with("434234", "-1"), with("434234", "4x"),
        with("434234", "99999999999999999999"), with("2009-10-12T17:50:30.123Z", "yesterday"),
        with("2009-10-12T17:50:30.123Z", "2009-10-12T17:50:30.1Z"), with("c.txt", "")}) {
    const auto list = ParseList(xml);
    ASSERT_FALSE(list) << xml;
    EXPECT_EQ(list.error().code, core::ErrorCode::kUpstreamProtocol);
  }
}

TEST(S3Answers, ExpandsNoEntitiesOfADocumentType) {
  const std::string xml =
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
      "<Error><Code>&a;&f;</Code></Error>";
  EXPECT_EQ(ParseErrorCode(xml), "");
}

TEST(S3Answers, ReadsTheCodeOfAnErrorAndNothingElse) {
  EXPECT_EQ(ParseErrorCode("<Error><Code>NoSuchKey</Code><Message>canary</Message></Error>"),
            "NoSuchKey");
  EXPECT_EQ(ParseErrorCode("<Error><Code>No such key</Code></Error>"), "");
  EXPECT_EQ(ParseErrorCode(kListing), "");
  EXPECT_EQ(ParseErrorCode("not XML"), "");
}

TEST(S3Answers, ReadsUploads) {
  EXPECT_EQ(*ParseUploadId("<InitiateMultipartUploadResult><UploadId>a+b/=</UploadId>"
                           "</InitiateMultipartUploadResult>"),
            "a+b/=");
  EXPECT_FALSE(ParseUploadId("<InitiateMultipartUploadResult/>"));
  EXPECT_EQ(*ParseCompletedEtag("<CompleteMultipartUploadResult><ETag>\"x-2\"</ETag>"
                                "</CompleteMultipartUploadResult>"),
            "x-2");
  EXPECT_FALSE(ParseCompletedEtag("<Error><Code>InternalError</Code></Error>"));
}

TEST(S3Answers, ReadsTimesOfFields) {
  EXPECT_EQ(core::Iso8601(*ParseHttpTime("Sat, 21 Nov 2026 09:30:00 GMT")),
            "2026-11-21T09:30:00.000Z");
  EXPECT_FALSE(ParseHttpTime(""));
  EXPECT_FALSE(ParseHttpTime("Sat, 21 Nov 2026 09:30:00 GMT and more"));
}

core::Error ErrorFor(int status, std::string_view code,
                     std::map<std::string, std::string, std::less<>> fields = {}) {
  return ErrorOf(
      {.status = status,
       .fields = std::move(fields),
       .body = "<Error><Code>" + std::string(code) + "</Code><Message>canary</Message></Error>"});
}

TEST(S3Errors, AreOfTheKindThatTheCallerKnows) {
  using core::ErrorCode;
  EXPECT_EQ(ErrorFor(403, "AccessDenied").code, ErrorCode::kForbidden);
  EXPECT_EQ(ErrorFor(404, "NoSuchKey").code, ErrorCode::kNotFound);
  EXPECT_EQ(ErrorFor(404, "NoSuchBucket").code, ErrorCode::kUnavailable);
  EXPECT_EQ(ErrorFor(412, "PreconditionFailed").code, ErrorCode::kConflict);
  EXPECT_EQ(ErrorFor(416, "InvalidRange").code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(ErrorFor(503, "SlowDown").code, ErrorCode::kUnavailable);
  EXPECT_EQ(ErrorFor(503, "SlowDown", {{"retry-after", "7"}}).retry_after, std::chrono::seconds(7));
  EXPECT_EQ(ErrorFor(200, "InternalError").code, ErrorCode::kUnavailable);
  EXPECT_EQ(ErrorFor(418, "Teapot").code, ErrorCode::kUpstreamProtocol);
}

TEST(S3Errors, SayWhatToDoAndRepeatNothing) {
  EXPECT_EQ(ErrorFor(403, "AccessDenied", {{"x-amz-request-id", "4442587FB7D0A2F9"}}).message,
            "S3 answers 403 AccessDenied (request 4442587FB7D0A2F9)");
  EXPECT_NE(ErrorFor(301, "PermanentRedirect", {{"x-amz-bucket-region", "eu-west-1"}})
                .message.find("region eu-west-1"),
            std::string::npos);
  EXPECT_NE(ErrorFor(403, "RequestTimeTooSkewed").message.find("clock"), std::string::npos);
  const std::string odd =
      ErrorFor(403, "AccessDenied", {{"x-amz-request-id", "canary\x1b[31m canary"}}).message;
  EXPECT_EQ(odd, "S3 answers 403 AccessDenied");
}

}  // namespace
}  // namespace signalbox::s3
