#include "io/store/vault/sealed_objects.h"

#include <gtest/gtest.h>

#include "base/config/temp_folder_testing.h"
#include "io/store/files/files.h"
#include "io/store/objects_contract_testing.h"
#include "io/store/vault/key_store_testing.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;
using store::Key;
using store::SomeBytes;

constexpr std::size_t kLimit = 64U << 20;

class SealedRig final : public store::ObjectsRig {
 public:
  store::Objects& objects() override { return sealed_; }
  store::Objects& files() { return *files_; }
  std::string Raw(const std::string& key) const { return folder_.Read("objects/" + key); }
  void WriteRaw(const std::string& key, const std::string& bytes) const {
    folder_.Write("objects/" + key, bytes);
  }

 private:
  static std::unique_ptr<Vault> MakeVault(KeyStore& keys) {
    std::vector<MasterKey> masters;
    masters.push_back(MasterKey::New());
    return *Vault::Open(keys, std::move(masters));
  }

  config::sample::TempFolder folder_;
  std::unique_ptr<store::Objects> files_ = *files::Files::Open(folder_ / "objects");
  MemoryKeyStore keys_;
  std::unique_ptr<Vault> vault_ = MakeVault(keys_);
  SealedObjects sealed_{*files_, *vault_, "episodes"};
};

std::unique_ptr<store::ObjectsRig> MakeSealed() {
  return std::make_unique<SealedRig>();
}

}  // namespace
}  // namespace signalbox::vault

namespace signalbox::store {
INSTANTIATE_TEST_SUITE_P(Sealed, ObjectsContract, testing::Values(&vault::MakeSealed));
}  // namespace signalbox::store

namespace signalbox::vault {
namespace {

class SealedObjectsTest : public testing::Test {
 protected:
  bool Opens(const std::string& key) {
    return rig_.objects().GetText(Key(key), kLimit).has_value();
  }
  SealedRig rig_;
};

TEST_F(SealedObjectsTest, NoContentsAreOnTheDiskInTheClear) {
  const std::string text = std::string(100'000, ' ') + "canary" + std::string(100'000, ' ');
  ASSERT_TRUE(rig_.objects().PutText(Key("a.json"), text));
  EXPECT_EQ(rig_.Raw("a.json").size(), StreamSize(text.size()));
  EXPECT_EQ(rig_.Raw("a.json").find("canary"), std::string::npos);
  EXPECT_EQ(*rig_.objects().GetText(Key("a.json"), kLimit), text);
}

TEST_F(SealedObjectsTest, AnObjectOpensAtItsKeyAlone) {
  ASSERT_TRUE(rig_.objects().PutText(Key("tenant_a/x.json"), "text"));
  rig_.WriteRaw("tenant_b/x.json", rig_.Raw("tenant_a/x.json"));
  EXPECT_TRUE(Opens("tenant_a/x.json"));
  EXPECT_FALSE(Opens("tenant_b/x.json"));
}

TEST_F(SealedObjectsTest, WhatWasAlteredOrCutDoesNotOpen) {
  const std::string bytes = SomeBytes(150'000);
  ASSERT_TRUE(rig_.objects().PutText(Key("a.bin"), bytes));
  const std::string sealed = rig_.Raw("a.bin");
  for (const std::size_t size : {std::size_t{0}, std::size_t{20}, kHeadBytes,
                                 kHeadBytes + kChunkBytes + kChunkOverhead, sealed.size() - 1}) {
    rig_.WriteRaw("a.bin", sealed.substr(0, size));
    const auto got = rig_.objects().GetText(Key("a.bin"), kLimit);
    ASSERT_FALSE(got) << size;
    EXPECT_EQ(got.error().code, ErrorCode::kInternal);
  }
  std::string altered = sealed;
  altered[100'000] = static_cast<char>(altered[100'000] ^ 1);
  rig_.WriteRaw("a.bin", altered);
  EXPECT_FALSE(Opens("a.bin"));
  // What lies before the damage is still good, and known to be.
  EXPECT_TRUE(*rig_.objects().GetText(Key("a.bin"), kLimit, {.length = 1000}) ==
              bytes.substr(0, 1000));
}

TEST_F(SealedObjectsTest, WhatWasNeverSealedDoesNotOpen) {
  ASSERT_TRUE(rig_.files().PutText(Key("plain.json"), std::string(1000, 'x')));
  EXPECT_FALSE(Opens("plain.json"));
  EXPECT_TRUE(rig_.objects().List({}));
}

TEST_F(SealedObjectsTest, ARangeReadsNoFurtherThanItMust) {
  const std::string bytes = SomeBytes(5 * kChunkBytes);
  ASSERT_TRUE(rig_.objects().PutText(Key("a.bin"), bytes));
  // With the rest of the file gone, a range in the first chunk still opens.
  rig_.WriteRaw("a.bin", rig_.Raw("a.bin").substr(0, kHeadBytes + 2 * (kChunkBytes + 17)));
  EXPECT_TRUE(*rig_.objects().GetText(Key("a.bin"), kLimit, {.offset = 5, .length = 100}) ==
              bytes.substr(5, 100));
}

}  // namespace
}  // namespace signalbox::vault
