#include <gtest/gtest.h>

#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "io/store/sql_contract_testing.h"

namespace signalbox::store {
namespace {

std::unique_ptr<Sql> InASchemaOfItsOwn() {
  const PostgresServer* server = PostgresServer::Shared();
  if (server == nullptr) {
    return nullptr;
  }
  auto opened = OpenPostgres({.address = server->address(), .schema = PostgresServer::NewSchema()});
  EXPECT_TRUE(opened.has_value()) << opened.error().message;
  return *std::move(opened);
}

INSTANTIATE_TEST_SUITE_P(Postgres, SqlContract, testing::Values(InASchemaOfItsOwn),
                         [](const auto&) { return "InASchemaOfItsOwn"; });

}  // namespace
}  // namespace signalbox::store
