#include "io/store/vault/vault.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "io/store/vault/key_set_json.h"
#include "io/store/vault/key_store_testing.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;

constexpr Purpose kPrompts = "prompts";
constexpr Purpose kMemories = "memories";

std::vector<MasterKey> Just(const MasterKey& key) {
  std::vector<MasterKey> keys;
  keys.push_back(key.Copy());
  return keys;
}

class VaultTest : public testing::Test {
 protected:
  std::unique_ptr<Vault> Reopen() {
    auto vault = Vault::Open(store_, Just(master_));
    EXPECT_TRUE(vault) << vault.error().message;
    return *std::move(vault);
  }
  // What the error says when the keys are opened with `key`.
  core::Error ErrorWith(const MasterKey& key) {
    auto vault = Vault::Open(store_, Just(key));
    return vault ? core::Error{} : std::move(vault).error();
  }

  MemoryKeyStore store_;
  MasterKey master_ = MasterKey::New();
  std::unique_ptr<Vault> vault_ = Reopen();
};

TEST_F(VaultTest, OpensWhatItSealedAlsoAfterARestart) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, 'x')}) {
    const std::string sealed = *vault_->Seal(kPrompts, text, "row 7");
    EXPECT_EQ(sealed.size(), text.size() + kOverhead);
    EXPECT_EQ(*vault_->Unseal(kPrompts, sealed, "row 7"), text);
    EXPECT_EQ(*Reopen()->Unseal(kPrompts, sealed, "row 7"), text);
  }
}

TEST_F(VaultTest, SealsTheSameTwiceDifferently) {
  EXPECT_NE(*vault_->Seal(kPrompts, "text", ""), *vault_->Seal(kPrompts, "text", ""));
}

TEST_F(VaultTest, SealedBytesHoldNeitherTextNorWhatIsBoundToThem) {
  const std::string sealed = *vault_->Seal(kPrompts, "canary-in-the-text", "canary-in-the-row");
  EXPECT_EQ(sealed.find("canary"), std::string::npos);
  EXPECT_EQ(KeySetJson(store_.set()).find("canary"), std::string::npos);
}

TEST_F(VaultTest, EveryBitOfSealedBytesCounts) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "row 7");
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = vault_->Unseal(kPrompts, changed, "row 7");
    ASSERT_FALSE(opened) << bit;
    EXPECT_EQ(opened.error().message.find("the text"), std::string::npos);
  }
}

TEST_F(VaultTest, CutOrLongerBytesDoNotOpen) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "row 7");
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_FALSE(vault_->Unseal(kPrompts, sealed.substr(0, size), "row 7")) << size;
  }
  EXPECT_FALSE(vault_->Unseal(kPrompts, sealed + '\0', "row 7"));
}

TEST_F(VaultTest, OpensOnlyWhereItBelongs) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "tenant a, row 7");
  for (const std::string_view elsewhere :
       {"tenant b, row 7", "tenant a, row 8", "", "tenant a, row 7 "}) {
    const auto opened = vault_->Unseal(kPrompts, sealed, elsewhere);
    ASSERT_FALSE(opened) << elsewhere;
    EXPECT_EQ(opened.error().code, ErrorCode::kInternal);
  }
}

TEST_F(VaultTest, OpensOnlyForItsPurpose) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "");
  ASSERT_TRUE(vault_->Seal(kMemories, "another", ""));
  const auto opened = vault_->Unseal(kMemories, sealed, "");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kInternal);
}

TEST_F(VaultTest, AStreamDoesNotOpenAsAWholeThing) {
  auto sealer = *vault_->SealStream(kPrompts, "");
  std::string sealed;
  sealer.Next("text", sealed);
  sealer.End(sealed);
  EXPECT_FALSE(vault_->Unseal(kPrompts, sealed, ""));
  const std::string whole = *vault_->Seal(kPrompts, "text", "");
  auto opener = vault_->UnsealStream(kPrompts, std::string_view(whole).substr(0, kHeadBytes), "");
  ASSERT_TRUE(opener);
  std::string out;
  EXPECT_FALSE(opener->Next(whole.substr(kHeadBytes), out) && opener->End(out));
}

TEST_F(VaultTest, AnUnknownDataKeyIsNamed) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "");
  const std::string id = vault_->Keys().front().id.Text();
  MemoryKeyStore empty;
  auto other = *Vault::Open(empty, Just(master_));
  const auto opened = other->Unseal(kPrompts, sealed, "");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kNotFound);
  EXPECT_NE(opened.error().message.find(id), std::string::npos);
}

TEST_F(VaultTest, TheWrongMasterKeyIsToldWhichOneIsWanted) {
  ASSERT_TRUE(vault_->Seal(kPrompts, "the text", ""));
  const MasterKey wrong = MasterKey::New();
  const core::Error error = ErrorWith(wrong);
  EXPECT_EQ(error.code, ErrorCode::kUnauthenticated);
  EXPECT_NE(error.message.find(master_.id.Text()), std::string::npos) << error.message;
  EXPECT_NE(error.message.find(wrong.id.Text()), std::string::npos) << error.message;
}

TEST_F(VaultTest, ADamagedDataKeyIsNamed) {
  ASSERT_TRUE(vault_->Seal(kPrompts, "the text", ""));
  store_.set().keys.front().box[40] ^= 1;
  const core::Error error = ErrorWith(master_);
  EXPECT_EQ(error.code, ErrorCode::kInternal);
  EXPECT_NE(error.message.find(store_.set().keys.front().id.Text()), std::string::npos);
}

TEST_F(VaultTest, BoxesOfTwoDataKeysCannotBeSwapped) {
  ASSERT_TRUE(vault_->Seal(kPrompts, "the text", ""));
  ASSERT_TRUE(vault_->Seal(kMemories, "the text", ""));
  std::swap(store_.set().keys[0].box, store_.set().keys[1].box);
  EXPECT_EQ(ErrorWith(master_).code, ErrorCode::kInternal);
  std::swap(store_.set().keys[0].box, store_.set().keys[1].box);
  std::swap(store_.set().keys[0].purpose, store_.set().keys[1].purpose);
  EXPECT_EQ(ErrorWith(master_).code, ErrorCode::kInternal);
}

TEST_F(VaultTest, RotationSealsWithANewKeyAndOpensTheOld) {
  const std::string before = *vault_->Seal(kPrompts, "before", "");
  ASSERT_TRUE(vault_->Rotate(kPrompts));
  const std::string after = *vault_->Seal(kPrompts, "after", "");
  EXPECT_NE(ParseHead(before)->key, ParseHead(after)->key);
  EXPECT_EQ(*vault_->Unseal(kPrompts, before, ""), "before");
  const auto again = Reopen();
  EXPECT_EQ(*again->Unseal(kPrompts, before, ""), "before");
  EXPECT_EQ(ParseHead(*again->Seal(kPrompts, "x", ""))->key, ParseHead(after)->key);
}

TEST_F(VaultTest, RotationTakesEffectEvenWhenTheClockWentBack) {
  static core::WallTime now{std::chrono::hours(1000)};
  MemoryKeyStore store;
  auto vault = *Vault::Open(store, Just(master_), {}, [] { return now; });
  ASSERT_TRUE(vault->Seal(kPrompts, "x", ""));
  now -= std::chrono::hours(1);
  const DataKeyId id = *vault->Rotate(kPrompts);
  EXPECT_EQ(ParseHead(*vault->Seal(kPrompts, "x", ""))->key, id);
  EXPECT_EQ(id.uuid.Time(), now);
}

TEST_F(VaultTest, AnotherProcessMeetsAKeyItDoesNotKnowYet) {
  const auto other = Reopen();
  const std::string sealed = *other->Seal(kPrompts, "the text", "");
  EXPECT_EQ(*vault_->Unseal(kPrompts, sealed, ""), "the text");
  EXPECT_EQ(vault_->Keys().size(), 1U);
  EXPECT_EQ(ParseHead(*vault_->Seal(kPrompts, "x", ""))->key, ParseHead(sealed)->key);
}

TEST_F(VaultTest, ManyThreadsAndTwoProcessesMakeOneKeyPerPurpose) {
  const auto other = Reopen();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      Vault& mine = i % 2 == 0 ? *vault_ : *other;
      const auto sealed = mine.Seal(kPrompts, "text", "");
      ASSERT_TRUE(sealed);
      EXPECT_EQ(*vault_->Unseal(kPrompts, *sealed, ""), "text");
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(store_.set().keys.size(), 1U);
}

TEST_F(VaultTest, AFailedSaveMakesNoKey) {
  store_.FailNext(1);
  const auto sealed = vault_->Seal(kPrompts, "text", "");
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(vault_->Keys().empty());
  EXPECT_TRUE(vault_->Seal(kPrompts, "text", ""));
}

TEST_F(VaultTest, AMasterKeyIsRotatedAtOnce) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "");
  ASSERT_TRUE(vault_->Seal(kMemories, "the text", ""));
  const MasterKey next = MasterKey::New();
  const int saves = store_.saves();
  ASSERT_TRUE(vault_->RotateMaster(next));
  EXPECT_EQ(store_.saves(), saves + 1);
  EXPECT_EQ(vault_->master(), next.id);
  EXPECT_EQ(ErrorWith(master_).code, ErrorCode::kUnauthenticated);
  const auto again = *Vault::Open(store_, Just(next));
  EXPECT_EQ(*again->Unseal(kPrompts, sealed, ""), "the text");
  EXPECT_TRUE(vault_->Rotate(kPrompts));  // under the new one
}

TEST_F(VaultTest, AFailedRotationOfTheMasterKeyChangesNothing) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "");
  store_.FailNext(1);
  EXPECT_FALSE(vault_->RotateMaster(MasterKey::New()));
  EXPECT_EQ(vault_->master(), master_.id);
  EXPECT_EQ(*Reopen()->Unseal(kPrompts, sealed, ""), "the text");
}

TEST_F(VaultTest, EitherOfTwoMasterKeysOpensDuringARotation) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "");
  const MasterKey next = MasterKey::New();
  std::vector<MasterKey> both = Just(next);
  both.push_back(master_.Copy());
  const auto vault = *Vault::Open(store_, std::move(both));
  EXPECT_EQ(vault->master(), master_.id);
  EXPECT_EQ(*vault->Unseal(kPrompts, sealed, ""), "the text");
  ASSERT_TRUE(vault->RotateMaster(next));
  EXPECT_EQ(*(*Vault::Open(store_, Just(next)))->Unseal(kPrompts, sealed, ""), "the text");
}

TEST_F(VaultTest, AProcessWithTheOldMasterKeyGoesOnWithTheDataKeysItHas) {
  const std::string sealed = *vault_->Seal(kPrompts, "the text", "");
  ASSERT_TRUE(Reopen()->RotateMaster(MasterKey::New()));
  EXPECT_EQ(*vault_->Unseal(kPrompts, sealed, ""), "the text");
  EXPECT_TRUE(vault_->Seal(kPrompts, "more", ""));
  const auto rotated = vault_->Rotate(kPrompts);
  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().code, ErrorCode::kUnauthenticated);
}

TEST_F(VaultTest, WhatIsDerivedStaysTheSameWhateverIsRotated) {
  const Derived derived = *vault_->Derive("pepper", "keys");
  EXPECT_EQ(*Reopen()->Derive("pepper", "keys"), derived);
  EXPECT_NE(*vault_->Derive("pepper", "others"), derived);
  EXPECT_NE(*vault_->Derive("other", "keys"), derived);
  ASSERT_TRUE(vault_->Rotate("pepper"));
  EXPECT_EQ(*vault_->Derive("pepper", "keys"), derived);
  const MasterKey next = MasterKey::New();
  ASSERT_TRUE(vault_->RotateMaster(next));
  EXPECT_EQ(*(*Vault::Open(store_, Just(next)))->Derive("pepper", "keys"), derived);
}

// RFC 7693 with a key: hashlib.blake2b(b"abc", digest_size=32, key=bytes(range(32))).
TEST_F(VaultTest, DerivesWithBlake2bUnderTheDataKey) {
  std::string bytes(32, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(i);
  }
  core::Random random(1);
  const DataKey key{DataKeyId::New(core::WallTime{}, random), "pepper", SecretKey::Of(bytes)};
  MemoryKeyStore store;
  ASSERT_TRUE(store.Save({.revision = 1, .master = master_.id, .keys = {Wrap(key, master_)}}));
  const auto vault = *Vault::Open(store, Just(master_));
  std::string text;
  for (const std::byte byte : *vault->Derive("pepper", "abc")) {
    text += fmt::format("{:02x}", std::to_integer<int>(byte));
  }
  EXPECT_EQ(text, "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

}  // namespace
}  // namespace signalbox::vault
