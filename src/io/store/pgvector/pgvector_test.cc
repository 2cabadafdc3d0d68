#include "io/store/pgvector/pgvector.h"

#include <gtest/gtest.h>

#include "io/store/pgvector/filter_path.h"
#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "io/store/vectors/migrations.h"
#include "io/store/vectors_contract_testing.h"

namespace signalbox::store {
namespace {

// The suites' Python environment brings a PostgreSQL with pgvector along.
std::string ProgramsWithPgvector() {
  const char* build = std::getenv("SIGNALBOX_TEST_BUILD");
  const std::filesystem::path packages =
      std::filesystem::path(build != nullptr ? build : SB_SOURCE_DIR "/build/test") / "venv/lib";
  std::error_code none;
  for (const auto& python : std::filesystem::directory_iterator(packages, none)) {
    auto programs = python.path() / "site-packages/pgserver/pginstall/bin";
    if (std::filesystem::exists(programs / "postgres")) {
      return programs.string() + "/";
    }
  }
  return {};
}

PostgresServer* Server() {
  static const std::unique_ptr<PostgresServer> server = [] {
    const std::string programs = ProgramsWithPgvector();
    if (programs.empty()) {
      std::printf("skipped: no PostgreSQL with pgvector (test/run_python setup gets one)\n");
    }
    return programs.empty() ? nullptr : PostgresServer::Start({}, programs);
  }();
  return server.get();
}

std::unique_ptr<Sql> OpenSchema(const PostgresServer& server) {
  return OpenPostgres({.address = server.address(), .schema = PostgresServer::NewSchema()}).value();
}

class PgvectorRig final : public VectorsRig {
 public:
  explicit PgvectorRig(std::unique_ptr<Sql> sql) : sql_(std::move(sql)) {
    Apply(*sql_, {vectors::Migrations()});
  }
  std::unique_ptr<Vectors> Open() override {
    auto opened = OpenPgvector(*sql_);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return std::move(opened).value_or(nullptr);
  }

 private:
  std::unique_ptr<Sql> sql_;
};

std::unique_ptr<VectorsRig> OnPgvector() {
  return Server() == nullptr ? nullptr : std::make_unique<PgvectorRig>(OpenSchema(*Server()));
}

INSTANTIATE_TEST_SUITE_P(Pgvector, VectorsContract, testing::Values(OnPgvector),
                         [](const auto&) { return "InASchemaOfItsOwn"; });

TEST(OpenPgvector, SaysThatTheServerDoesNotHaveIt) {
  const PostgresServer* server = PostgresServer::Shared();
  if (server == nullptr) {
    GTEST_SKIP() << "skipped: PostgreSQL is not installed";
  }
  const auto sql = OpenSchema(*server);
  const auto opened = OpenPgvector(*sql);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, core::ErrorCode::kNotFound);
  EXPECT_NE(opened.error().message.find("pgvector"), std::string::npos) << opened.error().message;
}

TEST(OpenPgvector, SaysThatTheUserMayNotMakeIt) {
  if (Server() == nullptr) {
    GTEST_SKIP() << "skipped: no PostgreSQL with pgvector";
  }
  const auto admin = OpenSchema(*Server());
  ASSERT_TRUE(admin->Write([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("DROP EXTENSION IF EXISTS vector CASCADE", {}));
    SB_CHECK_OK(transaction.Run("CREATE ROLE guest LOGIN", {}));
    SB_CHECK_OK(transaction.Run("CREATE SCHEMA guest AUTHORIZATION guest", {}));
    return {};
  }));
  const auto sql =
      OpenPostgres({.address = Server()->address() + " user=guest", .schema = "guest"}).value();
  EXPECT_EQ(OpenPgvector(*sql).error().code, core::ErrorCode::kForbidden);
  EXPECT_TRUE(OpenPgvector(*admin).has_value());
  EXPECT_TRUE(OpenPgvector(*sql).has_value());  // now that it is there
}

TEST(FilterPath, SaysWhatTheFilterSays) {
  EXPECT_EQ(pgvector::FilterPath({}), "");
  EXPECT_EQ(
      pgvector::FilterPath({Equals("a\"b", std::string("x\\")), Between{"n", -1.5, 2}}),
      R"(($."a\"b" == "x\\") && ($."n".type() == "number" && $."n" >= (-1.5) && $."n" <= (2)))");
}

}  // namespace
}  // namespace signalbox::store
