#include "io/store/vault/sql_key_store.h"

#include <gtest/gtest.h>

#include "io/store/sqlite/sqlite.h"
#include "io/store/vault/vault.h"

namespace signalbox::vault {
namespace {

class SqlKeyStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto sql = store::OpenSqlite({.path = {}});
    ASSERT_TRUE(sql) << sql.error().message;
    sql_ = *std::move(sql);
    ASSERT_TRUE(
        store::Migrate(*sql_, Migrations(), core::WallNow(), [] { return core::Status(); }));
    store_ = std::make_unique<SqlKeyStore>(*sql_);
  }
  static std::vector<MasterKey> Just(const MasterKey& key) {
    std::vector<MasterKey> keys;
    keys.push_back(key.Copy());
    return keys;
  }

  std::unique_ptr<store::Sqlite> sql_;
  std::unique_ptr<SqlKeyStore> store_;
};

TEST_F(SqlKeyStoreTest, KeepsTheKeysOfAVault) {
  EXPECT_EQ(store_->Load()->revision, 0U);
  const MasterKey master = MasterKey::New();
  const auto vault = *Vault::Open(*store_, Just(master));
  const std::string sealed = *vault->Seal("prompts", "the text", "");
  ASSERT_TRUE(vault->Rotate("prompts"));
  const MasterKey next = MasterKey::New();
  ASSERT_TRUE(vault->RotateMaster(next));
  EXPECT_FALSE(Vault::Open(*store_, Just(master)));
  EXPECT_EQ((*Vault::Open(*store_, Just(next)))->Unseal("prompts", sealed, ""), "the text");
}

TEST_F(SqlKeyStoreTest, ASaveOverAnotherRevisionIsAConflict) {
  const KeySet first{.revision = 1, .master = {1}, .keys = {}};
  ASSERT_TRUE(store_->Save(first));
  for (const std::uint64_t revision : {1, 3, 7}) {
    const auto saved = store_->Save({.revision = revision, .master = {2}, .keys = {}});
    ASSERT_FALSE(saved) << revision;
    EXPECT_EQ(saved.error().code, core::ErrorCode::kConflict);
  }
  EXPECT_EQ(*store_->Load(), first);
  EXPECT_TRUE(store_->Save({.revision = 2, .master = {2}, .keys = {}}));
}

}  // namespace
}  // namespace signalbox::vault
