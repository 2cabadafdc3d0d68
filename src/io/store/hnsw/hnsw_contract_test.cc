#include <gtest/gtest.h>

#include "io/store/hnsw/hnsw.h"
#include "io/store/hnsw/migrations.h"
#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "io/store/sqlite/sqlite.h"
#include "io/store/vectors/migrations.h"
#include "io/store/vectors_contract_testing.h"

namespace signalbox::store {
namespace {

class HnswRig final : public VectorsRig {
 public:
  explicit HnswRig(std::unique_ptr<Sql> sql) : sql_(std::move(sql)) {
    Apply(*sql_, {vectors::Migrations(), hnsw::Migrations()});
  }
  // A graph from few rows on, so that what is searched is one.
  std::unique_ptr<Vectors> Open() override {
    return std::make_unique<HnswVectors>(*sql_, HnswOptions{.index = {.graph_from = 64}});
  }

 private:
  std::unique_ptr<Sql> sql_;
};

std::unique_ptr<VectorsRig> OnSqlite() {
  return std::make_unique<HnswRig>(OpenSqlite({}).value());
}

std::unique_ptr<VectorsRig> OnPostgres() {
  const PostgresServer* server = PostgresServer::Shared();
  if (server == nullptr) {
    return nullptr;
  }
  return std::make_unique<HnswRig>(
      OpenPostgres({.address = server->address(), .schema = PostgresServer::NewSchema()}).value());
}

INSTANTIATE_TEST_SUITE_P(HnswOnSqlite, VectorsContract, testing::Values(OnSqlite),
                         [](const auto&) { return "InMemory"; });
INSTANTIATE_TEST_SUITE_P(HnswOnPostgres, VectorsContract, testing::Values(OnPostgres),
                         [](const auto&) { return "InASchemaOfItsOwn"; });

}  // namespace
}  // namespace signalbox::store
