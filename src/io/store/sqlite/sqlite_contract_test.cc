#include <gtest/gtest.h>

#include "io/store/sql_contract_testing.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::store {
namespace {

std::unique_ptr<Sql> InMemory() {
  auto opened = OpenSqlite({});
  EXPECT_TRUE(opened.has_value()) << opened.error().message;
  return *std::move(opened);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, SqlContract, testing::Values(InMemory),
                         [](const auto&) { return "InMemory"; });

}  // namespace
}  // namespace signalbox::store
