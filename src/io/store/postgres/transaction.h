// A transaction on a connection, between BEGIN and COMMIT.
//
// Owner:   the one who runs the work. Threads: one.
// Errors:  as Transaction's; the first one of a statement is kept. Cancel: as Sql's.
#pragma once

#include "io/store/postgres/connection.h"

namespace signalbox::store::postgres {

class PostgresTransaction final : public Transaction {
 public:
  explicit PostgresTransaction(Connection& connection) : connection_(connection) {}

  core::Status Query(Statement statement, Params params, const VisitRow& visit) override;
  core::Result<std::int64_t> Run(Statement statement, Params params) override;
  core::Result<std::int64_t> RunEach(Statement statement, std::size_t params,
                                     const NextRow& next) override;
  core::Status Insert(const Bulk& rows) override;
  core::Status Lock(std::string_view name) override;
  Engine engine() const override { return Engine::kPostgres; }

  // Of the first statement that failed.
  const core::Status& failure() const { return failure_; }

 private:
  core::Result<Answer> Execute(const Statement& statement, Params params);
  core::Error Keep(core::Error error);

  Connection& connection_;
  core::Status failure_;
};

// One statement outside of a transaction, whose rows are visited as they arrive.
core::Status VisitRows(Connection& connection, const Statement& statement, Params params,
                       const VisitRow& visit);

}  // namespace signalbox::store::postgres
