// What the contract suite of Vectors runs on. Test support.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/core/time.h"
#include "io/store/migration.h"
#include "io/store/sql.h"
#include "io/store/vectors.h"
#include "io/store/vectors_truth_testing.h"

namespace signalbox::store {

// One database for one test. A null one means that its server is not installed.
class VectorsRig {
 public:
  virtual ~VectorsRig() = default;
  // Another object on the same database, as another process has one.
  virtual std::unique_ptr<Vectors> Open() = 0;

 protected:
  static void Apply(Sql& sql, std::initializer_list<std::span<const Migration>> folders) {
    std::vector<Migration> migrations;
    for (const auto& folder : folders) {
      migrations.insert(migrations.end(), folder.begin(), folder.end());
    }
    const auto migrated = Migrate(sql, migrations, core::WallNow(), [] { return core::Status{}; });
    EXPECT_TRUE(migrated.has_value()) << migrated.error().message;
  }
};

using OpenVectorsRig = std::unique_ptr<VectorsRig> (*)();

class VectorsContract : public testing::TestWithParam<OpenVectorsRig> {
 protected:
  void SetUp() override {
    rig_ = GetParam()();
    if (rig_ == nullptr) {
      GTEST_SKIP() << "skipped: no server for these vectors";
    }
    vectors_ = rig_->Open();
    ASSERT_NE(vectors_, nullptr);
  }

  void Create(const CollectionName& name, std::size_t dimension, Metric metric = Metric::kCosine) {
    Expect(vectors_->Create(name, {dimension, metric}));
  }
  void Upsert(const CollectionName& name, const std::vector<VectorRow>& rows) {
    Expect(vectors_->Upsert(name, rows));
  }
  std::vector<VectorHit> Search(const CollectionName& name, const VectorQuery& query) {
    return SearchIn(*vectors_, name, query);
  }
  static std::vector<VectorHit> SearchIn(Vectors& vectors, const CollectionName& name,
                                         const VectorQuery& query) {
    auto hits = vectors.Search(name, query);
    EXPECT_TRUE(hits.has_value()) << hits.error().message;
    return std::move(hits).value_or(std::vector<VectorHit>{});
  }
  std::size_t Count(const CollectionName& name, const Filter& filter = {}) {
    const auto count = vectors_->Count(name, filter);
    EXPECT_TRUE(count.has_value()) << count.error().message;
    return count.value_or(SIZE_MAX);
  }
  static void Expect(const core::Status& status) {
    EXPECT_TRUE(status.has_value()) << status.error().message;
  }

  std::unique_ptr<VectorsRig> rig_;
  std::unique_ptr<Vectors> vectors_;
};

inline const CollectionName kNotes{"tenant_a", "notes"};

}  // namespace signalbox::store
