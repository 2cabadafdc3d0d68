#include "io/store/s3/s3.h"

#include <gtest/gtest.h>

#include <thread>

#include "io/store/objects_contract_testing.h"
#include "io/store/s3/s3_server_testing.h"

namespace signalbox::s3 {

using namespace std::chrono_literals;
using core::ErrorCode;
using store::Key;
using store::SomeBytes;

constexpr std::size_t kPart = 64U << 10;
constexpr std::size_t kLimit = 64U << 20;
constexpr RetryPolicy kQuick{.tries = 4, .first = 1ms, .longest = 2ms};

S3Options OptionsFor(const S3Server& server) {
  S3Options options;
  options.bucket = server.options().bucket;
  options.region = server.options().region;
  options.endpoint = config::ParseUrl(fmt::format("http://127.0.0.1:{}", server.port()));
  options.path_style = true;
  options.access_key_id = server.options().access_key_id;
  options.secret_access_key = config::Secret(server.options().secret_access_key);
  options.session_token = config::Secret(server.options().session_token);
  options.part_size = {kPart};
  return options;
}

class S3Rig final : public store::ObjectsRig {
 public:
  explicit S3Rig(std::string prefix, bool checksums, bool path_style) {
    S3Options options = OptionsFor(server_);
    options.prefix = std::move(prefix);
    options.checksums = checksums;
    if (!path_style) {
      options.path_style = false;
      options.endpoint = config::ParseUrl(fmt::format("http://localhost:{}", server_.port()));
    }
    EXPECT_TRUE(CheckOptions(options));
    objects_ = std::make_unique<S3>(options, kQuick, core::WallNow);
  }
  store::Objects& objects() override { return *objects_; }

 private:
  S3Server server_{{.smallest_part = kPart}};
  std::unique_ptr<S3> objects_;
};

std::unique_ptr<store::ObjectsRig> PathStyle() {
  return std::make_unique<S3Rig>("", /*checksums=*/true, /*path_style=*/true);
}
std::unique_ptr<store::ObjectsRig> PrefixedInTheHostName() {
  return std::make_unique<S3Rig>("signal/box/", /*checksums=*/false, /*path_style=*/false);
}

}  // namespace signalbox::s3

namespace signalbox::store {
INSTANTIATE_TEST_SUITE_P(PathStyle, ObjectsContract, testing::Values(&s3::PathStyle));
INSTANTIATE_TEST_SUITE_P(HostStyle, ObjectsContract, testing::Values(&s3::PrefixedInTheHostName));
}  // namespace signalbox::store

namespace signalbox::s3 {
namespace {

class S3Test : public testing::Test {
 protected:
  S3 Make(const S3Options& options) { return S3(options, kQuick, core::WallNow); }
  void Answers(const std::string& method, int status, std::string_view code, int times = 1) {
    for (int i = 0; i < times; ++i) {
      server_.Break({.method = method,
                     .kind = Fault::Kind::kAnswer,
                     .answer = {.status = status,
                                .fields = {{"retry-after", "0"}},
                                .body = fmt::format("<Error><Code>{}</Code></Error>", code)}});
    }
  }
  std::string Get(std::string_view key, const store::ByteRange& range = {}) {
    const auto text = s3_.GetText(Key(key), kLimit, range);
    return text ? *text : "error: " + text.error().message;
  }

  S3Server server_{{.session_token = "canary-token", .smallest_part = kPart}};
  S3 s3_{OptionsFor(server_), kQuick, core::WallNow};
};

TEST_F(S3Test, TriesAgainWhenTheServiceIsBusyOrBreaksOff) {
  Answers("PUT", 503, "SlowDown", 2);
  server_.Break({.method = "PUT", .kind = Fault::Kind::kBreakBefore});
  EXPECT_TRUE(s3_.PutText(Key("a.txt"), "text"));
  Answers("GET", 500, "InternalError", 2);
  EXPECT_EQ(Get("a.txt"), "text");
  Answers("GET", 503, "SlowDown", 3);
  EXPECT_EQ(s3_.List({})->objects.size(), 1U);
  Answers("DELETE", 429, "TooManyRequests", 3);
  EXPECT_TRUE(s3_.Delete(Key("a.txt")));
}

TEST_F(S3Test, GivesUpAfterItsTries) {
  Answers("PUT", 503, "SlowDown", 4);
  const auto put = s3_.PutText(Key("a.txt"), "text");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(put.error().message, "s3://episodes-test/: a.txt: S3 answers 503 SlowDown");
  EXPECT_TRUE(s3_.PutText(Key("a.txt"), "text"));
}

TEST_F(S3Test, DoesNotTryAgainWhatCannotPass) {
  Answers("PUT", 403, "AccessDenied");
  const auto put = s3_.PutText(Key("a.txt"), "text");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kForbidden);
  EXPECT_TRUE(server_.requests().empty());  // a second one would have been taken
}

TEST_F(S3Test, AnAnswerThatWasLostDoesNotMakeAPutAConflict) {
  server_.Break({.method = "PUT", .kind = Fault::Kind::kBreakAfter});
  const auto put = s3_.PutText(Key("a.txt"), "text", {.if_absent = true});
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(put->size, 4U);
  server_.Break({.method = "PUT", .kind = Fault::Kind::kBreakBefore});
  const auto other = s3_.PutText(Key("a.txt"), "another text", {.if_absent = true});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  EXPECT_EQ(Get("a.txt"), "text");
}

TEST_F(S3Test, AGetGoesOnWhereItBrokeOff) {
  const std::string bytes = SomeBytes(3'000'000);
  server_.PutDirectly("a.bin", bytes);
  for (int i = 0; i < 6; ++i) {  // more than its tries, but it gets on each time
    server_.Break({.method = "GET", .kind = Fault::Kind::kBreakHalfway});
  }
  EXPECT_TRUE(Get("a.bin") == bytes);
  for (int i = 0; i < 3; ++i) {
    server_.Break({.method = "GET", .kind = Fault::Kind::kBreakHalfway});
  }
  EXPECT_TRUE(Get("a.bin", {.offset = 10, .length = 1'000'000}) == bytes.substr(10, 1'000'000));
}

TEST_F(S3Test, AGetDoesNotMixTwoVersions) {
  server_.PutDirectly("a.bin", SomeBytes(1'000'000, 1));
  server_.Break({.method = "GET", .kind = Fault::Kind::kBreakHalfway});
  bool replaced = false;
  const store::ObjectSink sink = [&](std::string_view) -> core::Status {
    if (!std::exchange(replaced, true)) {
      server_.PutDirectly("a.bin", SomeBytes(1'000'000, 2));
    }
    return {};
  };
  const auto got = s3_.Get(Key("a.bin"), {}, sink);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(got.error().message.find("replaced"), std::string::npos);
}

TEST_F(S3Test, ADamagedAnswerIsNoticed) {
  ASSERT_TRUE(
      s3_.PutText(Key("a.bin"), SomeBytes(100'000)));  // more than a part: no sum of the whole
  ASSERT_TRUE(s3_.PutText(Key("b.bin"), SomeBytes(10'000)));
  server_.Break({.method = "GET", .kind = Fault::Kind::kDamage});
  const auto got = s3_.GetText(Key("b.bin"), kLimit);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kUpstreamProtocol);
  EXPECT_TRUE(Get("b.bin") == SomeBytes(10'000));
}

TEST_F(S3Test, LargeObjectsGoUpInParts) {
  const std::string bytes = SomeBytes(3 * kPart + 5);
  ASSERT_TRUE(s3_.PutText(Key("a/b.bin"), bytes));
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 6U);
  EXPECT_EQ(requests[0], "POST /episodes-test/a/b.bin?uploads=");
  EXPECT_EQ(requests[4], "PUT /episodes-test/a/b.bin?partNumber=4&uploadId=upload%2B0%2F%3D%3D");
  EXPECT_EQ(requests[5], "POST /episodes-test/a/b.bin?uploadId=upload%2B0%2F%3D%3D");
  EXPECT_TRUE(Get("a/b.bin") == bytes);
  EXPECT_EQ(server_.open_uploads(), 0U);
}

TEST_F(S3Test, AnObjectOfWholePartsHasNoEmptyOne) {
  ASSERT_TRUE(s3_.PutText(Key("a.bin"), SomeBytes(2 * kPart)));
  EXPECT_EQ(server_.requests().size(), 4U);
  EXPECT_TRUE(Get("a.bin") == SomeBytes(2 * kPart));
}

TEST_F(S3Test, PartsAreTriedAgainAndAnErrorInACompletionIsOne) {
  Answers("POST", 503, "SlowDown");
  Answers("PUT", 500, "InternalError");
  server_.Break({.method = "PUT", .kind = Fault::Kind::kBreakAfter});
  const std::string bytes = SomeBytes(2 * kPart + 1);
  ASSERT_TRUE(s3_.PutText(Key("a.bin"), bytes));
  EXPECT_TRUE(Get("a.bin") == bytes);
  // The head of a completion's answer is sent before it is known how it ends.
  const store::ObjectSource source =
      [&, left = 2](std::span<char> out) mutable -> core::Result<std::size_t> {
    if (left-- == 0) {
      Answers("POST", 200, "InternalError");
      return 0;
    }
    std::ranges::fill(out, 'x');
    return out.size();
  };
  ASSERT_TRUE(s3_.Put(Key("b.bin"), source, {}));
  EXPECT_EQ(Get("b.bin").size(), 2 * kPart);
}

TEST_F(S3Test, ACompletionWhoseAnswerWasLostIsOne) {
  int pieces = 0;
  const store::ObjectSource source = [&](std::span<char> out) -> core::Result<std::size_t> {
    if (pieces++ == 2) {
      server_.Break({.method = "POST", .kind = Fault::Kind::kBreakAfter});
      return 0;
    }
    std::ranges::fill(out, 'x');
    return out.size();
  };
  const auto put = s3_.Put(Key("a.bin"), source, {.if_absent = true});
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(Get("a.bin").size(), 2 * kPart);
}

TEST_F(S3Test, AnUploadThatFailsLeavesNoParts) {
  int pieces = 0;
  const store::ObjectSource source = [&](std::span<char> out) -> core::Result<std::size_t> {
    if (pieces++ == 3) {
      return core::Fail(ErrorCode::kCancelled, "the source is gone");
    }
    return out.size();
  };
  EXPECT_FALSE(s3_.Put(Key("a.bin"), source, {}));
  EXPECT_EQ(server_.open_uploads(), 0U);
  EXPECT_FALSE(server_.Has("a.bin"));
  Answers("PUT", 403, "AccessDenied");
  EXPECT_FALSE(s3_.PutText(Key("a.bin"), SomeBytes(3 * kPart)));
  EXPECT_EQ(server_.open_uploads(), 0U);
}

TEST_F(S3Test, SecretsAndContentsAreInNoMessage) {
  S3Options options = OptionsFor(server_);
  std::vector<std::string> messages;
  const auto note = [&](const S3Options& changed) {
    S3 other = Make(changed);
    const auto put = other.PutText(Key("a.txt"), "canary-text");
    const auto list = other.List({});
    ASSERT_FALSE(put);
    ASSERT_FALSE(list);
    messages.push_back(put.error().message);
    messages.push_back(list.error().message);
  };
  options.secret_access_key = config::Secret("canary-wrong-key");
  note(options);
  EXPECT_NE(messages.back().find("403 SignatureDoesNotMatch"), std::string::npos);
  options = OptionsFor(server_);
  options.session_token = config::Secret("canary-wrong-token");
  note(options);
  EXPECT_NE(messages.back().find("403 InvalidToken"), std::string::npos);
  options = OptionsFor(server_);
  options.bucket = "another-bucket";
  note(options);
  EXPECT_NE(messages.back().find("404 NoSuchBucket"), std::string::npos);
  options = OptionsFor(server_);
  options.region = "us-other-1";
  note(options);
  options = OptionsFor(server_);
  options.endpoint = config::ParseUrl("http://127.0.0.1:1");
  note(options);
  for (const std::string& message : messages) {
    EXPECT_EQ(message.find("canary"), std::string::npos) << message;
  }
}

TEST_F(S3Test, AClockThatIsWrongIsNamed) {
  S3 late(OptionsFor(server_), kQuick, [] { return core::WallNow() - std::chrono::hours(1); });
  const auto put = late.PutText(Key("a.txt"), "text");
  ASSERT_FALSE(put);
  EXPECT_NE(put.error().message.find("clock"), std::string::npos) << put.error().message;
}

TEST_F(S3Test, OthersObjectsInTheBucketAreLeftAlone) {
  for (const char* const key : {"a b.txt", "signalbox", "signalbox/a.txt", "signalbox/b c.txt",
                                "signalbox/d.txt", "signalbox2/a.txt", "zebra.txt"}) {
    server_.PutDirectly(key, "x");
  }
  S3Options options = OptionsFor(server_);
  options.prefix = "signalbox/";
  S3 s3 = Make(options);
  const auto page = s3.List({.limit = 2});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->objects.size(), 2U);
  EXPECT_EQ(page->objects[0].key, Key("a.txt"));
  EXPECT_EQ(page->objects[1].key, Key("d.txt"));
  EXPECT_EQ(page->next_after, "");
}

TEST_F(S3Test, StopEndsWhatWaits) {
  S3 slow(OptionsFor(server_), {.tries = 5, .first = 1h, .longest = 1h}, core::WallNow);
  server_.Break({.method = "PUT",
                 .kind = Fault::Kind::kAnswer,
                 .answer = {.status = 503, .fields = {{"retry-after", "3600"}}}});
  std::thread stopper([&] {
    while (!server_.faults_empty()) {
      std::this_thread::yield();
    }
    slow.Stop();
  });
  const auto put = slow.PutText(Key("a.txt"), "text");
  stopper.join();
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(slow.Find(Key("a.txt")).error().code, ErrorCode::kCancelled);
}

TEST_F(S3Test, ManyThreadsShareOneStore) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        const std::string key = fmt::format("t{}/{}.bin", i, n);
        const std::string bytes = SomeBytes(1000, static_cast<std::uint64_t>(100 * i + n));
        EXPECT_TRUE(s3_.PutText(Key(key), bytes));
        EXPECT_TRUE(Get(key) == bytes);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(s3_.List({.limit = 1000})->objects.size(), 80U);
}

}  // namespace
}  // namespace signalbox::s3
