// What every store of objects does. A test program includes this once and instantiates
// ObjectsContract with a maker of the store in question.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <thread>

#include "base/core/random.h"
#include "io/store/objects.h"

namespace signalbox::store {

// Keeps the store, and what it needs, for one test.
class ObjectsRig {
 public:
  virtual ~ObjectsRig() = default;
  virtual Objects& objects() = 0;
};
using MakeObjectsRig = std::unique_ptr<ObjectsRig> (*)();

inline ObjectKey Key(std::string_view text) {
  const auto key = ObjectKey::Parse(text);
  EXPECT_TRUE(key) << text;
  return key.value_or(ObjectKey());
}

// The same for the same size and seed.
inline std::string SomeBytes(std::size_t size, std::uint64_t seed = 1) {
  core::Random random(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) {
    c = static_cast<char>(random.Next());
  }
  return bytes;
}

class ObjectsContract : public testing::TestWithParam<MakeObjectsRig> {
 protected:
  static constexpr std::size_t kLimit = 64U << 20;

  Objects& objects() { return rig_->objects(); }
  std::string Get(std::string_view key, const ByteRange& range = {}) {
    const auto text = objects().GetText(Key(key), kLimit, range);
    return text ? *text : "error " + std::string(core::Name(text.error().code));
  }
  void Put(std::string_view key, std::string_view bytes) {
    const auto put = objects().PutText(Key(key), bytes);
    ASSERT_TRUE(put) << put.error().message;
  }
  // All pages, with `|` between them.
  std::string ListAll(const std::string& prefix, std::size_t limit, const std::string& after = "") {
    std::string text;
    ListRequest request{.prefix = prefix, .after = after, .limit = limit};
    for (int page_number = 0; page_number < 1000; ++page_number) {
      const auto page = objects().List(request);
      if (!page) {
        return "error " + page.error().message;
      }
      for (const ObjectInfo& info : page->objects) {
        text += (text.empty() || text.ends_with('|') ? "" : " ") + info.key.text();
      }
      if (page->next_after.empty()) {
        return text;
      }
      text += '|';
      request.after = page->next_after;
    }
    return "endless";
  }

  std::unique_ptr<ObjectsRig> rig_ = GetParam()();
};

TEST_P(ObjectsContract, GivesBackWhatWasPut) {
  for (const std::size_t size : {0UL, 1UL, 1000UL, 65536UL, 65537UL, 300'000UL}) {
    const std::string bytes = SomeBytes(size);
    const auto put = objects().PutText(Key("a/b.bin"), bytes);
    ASSERT_TRUE(put) << put.error().message;
    EXPECT_EQ(put->size, size);
    EXPECT_EQ(put->key, Key("a/b.bin"));
    EXPECT_TRUE(Get("a/b.bin") == bytes) << size;
  }
}

TEST_P(ObjectsContract, SaysHowLargeHowOldAndWhichContents) {
  Put("a.txt", "one");
  const auto one = objects().Find(Key("a.txt"));
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->size, 3U);
  EXPECT_FALSE(one->etag.empty());
  EXPECT_LT(std::chrono::abs(core::WallNow() - one->modified), std::chrono::hours(1));
  EXPECT_EQ(objects().Find(Key("a.txt"))->etag, one->etag);
  Put("a.txt", "two");
  EXPECT_NE(objects().Find(Key("a.txt"))->etag, one->etag);
}

TEST_P(ObjectsContract, AnObjectThatIsNotThereIsNotFound) {
  Put("a/b.txt", "x");
  for (const std::string_view key : {"a/c.txt", "b.txt", "c/b.txt", "a/b/c.txt"}) {
    EXPECT_EQ(Get(key), "error not_found") << key;
    const auto found = objects().Find(Key(key));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, core::ErrorCode::kNotFound);
    EXPECT_NE(found.error().message.find(key), std::string::npos) << found.error().message;
  }
}

TEST_P(ObjectsContract, APutReplaces) {
  Put("a.txt", std::string(100'000, 'x'));
  Put("a.txt", "short");
  EXPECT_EQ(Get("a.txt"), "short");
}

TEST_P(ObjectsContract, OnlyOneOfManyPutsThatWantAbsenceSucceeds) {
  EXPECT_TRUE(objects().PutText(Key("once.txt"), "first", {.if_absent = true}));
  const auto second = objects().PutText(Key("once.txt"), "second", {.if_absent = true});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, core::ErrorCode::kConflict) << second.error().message;
  EXPECT_EQ(Get("once.txt"), "first");

  std::atomic<int> succeeded = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto put = objects().PutText(Key("race.txt"), std::to_string(i), {.if_absent = true});
      succeeded += put ? 1 : 0;
      EXPECT_TRUE(put || put.error().code == core::ErrorCode::kConflict) << put.error().message;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(succeeded, 1);
}

TEST_P(ObjectsContract, ReadersSeeTheOldOrTheNewContentsWhole) {
  const std::string one = SomeBytes(200'000, 1);
  const std::string two = SomeBytes(150'000, 2);
  Put("a.bin", one);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      EXPECT_TRUE(objects().PutText(Key("a.bin"), i % 2 == 0 ? two : one));
    }
  });
  for (int i = 0; i < 50; ++i) {
    const auto got = objects().GetText(Key("a.bin"), kLimit);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_TRUE(*got == one || *got == two) << got->size();
  }
  stop = true;
  writer.join();
}

TEST_P(ObjectsContract, AFailingSourceLeavesWhatWasThere) {
  Put("a.txt", "before");
  for (const int good_pieces : {0, 1, 5}) {
    int pieces = 0;
    const ObjectSource source = [&](std::span<char> out) -> core::Result<std::size_t> {
      if (pieces++ == good_pieces) {
        return core::Fail(core::ErrorCode::kCancelled, "the source is gone");
      }
      std::ranges::fill(out, 'x');
      return out.size();
    };
    const auto put = objects().Put(Key("a.txt"), source, {});
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, core::ErrorCode::kCancelled);
    EXPECT_EQ(Get("a.txt"), "before");
  }
  EXPECT_EQ(ListAll("", 10), "a.txt");
}

TEST_P(ObjectsContract, TakesASourceThatGivesLittleAtATime) {
  const std::string bytes = SomeBytes(10'000);
  std::size_t at = 0;
  const ObjectSource source = [&](std::span<char> out) -> core::Result<std::size_t> {
    const std::size_t size = std::min({out.size(), std::size_t{7}, bytes.size() - at});
    std::copy_n(bytes.data() + at, size, out.data());
    at += size;
    return size;
  };
  ASSERT_TRUE(objects().Put(Key("a.bin"), source, {}));
  EXPECT_TRUE(Get("a.bin") == bytes);
}

TEST_P(ObjectsContract, GivesARange) {
  const std::string bytes = SomeBytes(200'000);
  Put("a.bin", bytes);
  constexpr std::pair<std::uint64_t, std::uint64_t> kRanges[] = {
      {0, 1}, {0, 65536}, {1, 65536}, {65535, 2}, {65536, 1}, {100'000, 1'000'000}, {199'999, 1}};
  for (const auto& [offset, length] : kRanges) {
    EXPECT_TRUE(Get("a.bin", {offset, length}) == bytes.substr(offset, length)) << offset;
  }
  EXPECT_TRUE(Get("a.bin", {.offset = 150'000}) == bytes.substr(150'000));
  EXPECT_EQ(Get("a.bin", {.offset = 5, .length = 0}), "");
  EXPECT_EQ(Get("a.bin", {.offset = 200'000}), "error invalid_request");
  EXPECT_EQ(Get("a.bin", {.offset = 300'000, .length = 5}), "error invalid_request");
  Put("empty.bin", "");
  EXPECT_EQ(Get("empty.bin", {.offset = 0, .length = 10}), "");
  EXPECT_EQ(Get("empty.bin", {.offset = 1, .length = 10}), "error invalid_request");
}

TEST_P(ObjectsContract, AFailingSinkEndsTheGet) {
  Put("a.bin", SomeBytes(300'000));
  int calls = 0;
  const ObjectSink sink = [&](std::string_view) {
    ++calls;
    return core::Status(core::Fail(core::ErrorCode::kCancelled, "enough"));
  };
  const auto got = objects().Get(Key("a.bin"), {}, sink);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, core::ErrorCode::kCancelled);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Get("a.bin", {.length = 0}), "");  // and the store goes on
}

TEST_P(ObjectsContract, RefusesMoreThanTheReaderTakes) {
  Put("a.bin", SomeBytes(1000));
  const auto got = objects().GetText(Key("a.bin"), 999);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, core::ErrorCode::kPayloadTooLarge);
  EXPECT_TRUE(objects().GetText(Key("a.bin"), 1000));
}

TEST_P(ObjectsContract, DeletesOnceAndForAll) {
  Put("a/b.txt", "x");
  EXPECT_TRUE(objects().Delete(Key("a/b.txt")));
  EXPECT_EQ(Get("a/b.txt"), "error not_found");
  EXPECT_TRUE(objects().Delete(Key("a/b.txt")));
  EXPECT_TRUE(objects().Delete(Key("never/there.txt")));
  EXPECT_EQ(ListAll("", 10), "");
  Put("a/b.txt", "y");
  EXPECT_EQ(Get("a/b.txt"), "y");
}

TEST_P(ObjectsContract, ListsInTheOrderOfBytes) {
  for (const std::string_view key : {"b.txt", "a/z.txt", "a-b.txt", "a.txt", "a/b/c.txt", "a/b.txt",
                                     "a0.txt", "B.txt", "a/b-c.txt", "~.txt", "a=1/x.txt"}) {
    Put(key, "x");
  }
  const std::string all =
      "B.txt a-b.txt a.txt a/b-c.txt a/b.txt a/b/c.txt a/z.txt a0.txt a=1/x.txt b.txt ~.txt";
  EXPECT_EQ(ListAll("", 100), all);
  EXPECT_EQ(ListAll("", 3),
            "B.txt a-b.txt a.txt|a/b-c.txt a/b.txt a/b/c.txt|a/z.txt a0.txt a=1/x.txt|b.txt ~.txt");
  std::string single = all;
  std::ranges::replace(single, ' ', '|');
  EXPECT_EQ(ListAll("", 1), single);
}

TEST_P(ObjectsContract, ListsByPrefixAndAfterAKey) {
  for (const std::string_view key : {"e/2026-01/a.json", "e/2026-01/b.json", "e/2026-02/a.json",
                                     "e/2027-01/a.json", "f/a.json", "e.json"}) {
    Put(key, "x");
  }
  EXPECT_EQ(ListAll("e/2026", 10), "e/2026-01/a.json e/2026-01/b.json e/2026-02/a.json");
  EXPECT_EQ(ListAll("e/2026-01/", 10), "e/2026-01/a.json e/2026-01/b.json");
  EXPECT_EQ(ListAll("e/2026-01/b", 10), "e/2026-01/b.json");
  EXPECT_EQ(ListAll("e", 10, "e/2026-01/a.json"),
            "e/2026-01/b.json e/2026-02/a.json e/2027-01/a.json");
  EXPECT_EQ(ListAll("e/", 10, "e/2026-01/aa"),
            "e/2026-01/b.json e/2026-02/a.json e/2027-01/a.json");
  EXPECT_EQ(ListAll("e/", 10, "f"), "");
  EXPECT_EQ(ListAll("nothing/", 10), "");
  EXPECT_TRUE(ListAll("../", 10).starts_with("error"));
}

TEST_P(ObjectsContract, ListsSizesTimesAndContents) {
  Put("a/b.txt", "12345");
  const auto page = objects().List({.prefix = "a/"});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->objects.size(), 1U);
  const auto found = objects().Find(Key("a/b.txt"));
  EXPECT_EQ(page->objects.front().size, 5U);
  EXPECT_EQ(page->objects.front().etag, found->etag);
  EXPECT_LT(std::chrono::abs(page->objects.front().modified - found->modified),
            std::chrono::seconds(2));
}

TEST_P(ObjectsContract, PagesThroughManyWhileOthersComeAndGo) {
  for (int i = 0; i < 60; ++i) {
    Put("many/" + std::to_string(100 + i) + ".txt", "x");
  }
  std::set<std::string> seen;
  ListRequest request{.prefix = "many/", .limit = 7};
  for (int page_number = 0;; ++page_number) {
    const auto page = objects().List(request);
    ASSERT_TRUE(page) << page.error().message;
    for (const ObjectInfo& info : page->objects) {
      EXPECT_TRUE(seen.insert(info.key.text()).second) << info.key.text() << " twice";
    }
    EXPECT_TRUE(objects().Delete(Key("many/" + std::to_string(100 + page_number) + ".txt")));
    Put("many/0" + std::to_string(page_number) + ".txt", "x");
    if (page->next_after.empty()) {
      break;
    }
    request.after = page->next_after;
  }
  EXPECT_EQ(seen.size(), 60U);
}

}  // namespace signalbox::store
