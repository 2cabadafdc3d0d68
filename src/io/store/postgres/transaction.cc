#include "io/store/postgres/transaction.h"

#include "io/store/postgres/copy.h"
#include "io/store/postgres/pipeline.h"
#include "io/store/postgres/row.h"

namespace signalbox::store::postgres {
namespace {

// Rows that are taken off an answer nobody wants any more, before the connection is closed instead.
constexpr int kMostUnwanted = 1000;

core::Status VisitAll(const Answer& answer, const VisitRow& visit) {
  for (int i = 0; visit && i < PQntuples(answer.get()); ++i) {
    SB_CHECK_OK(visit(PostgresRow(answer.get(), i)));
  }
  return {};
}

core::Status VisitAnswers(Connection& connection, const VisitRow& visit) {
  core::Status status;
  int unwanted = 0;
  for (;;) {
    auto answer = connection.Next();
    if (!answer) {
      status = std::unexpected(std::move(answer).error());
      if (connection.lost()) {
        return status;
      }
    } else if (*answer == nullptr) {
      return status;
    } else if (status) {
      status = VisitAll(*answer, visit);
    } else if (++unwanted > kMostUnwanted) {
      connection.GiveUp();
      return status;
    }
  }
}

}  // namespace

core::Status VisitRows(Connection& connection, const Statement& statement, Params params,
                       const VisitRow& visit) {
  std::string text;
  statement.AppendTo(text);
  SB_TRY(const Prepared* prepared, connection.Prepare(text, params));
  SB_CHECK_OK(connection.Send(*prepared, params));
  PQsetSingleRowMode(connection.handle());
  return VisitAnswers(connection, visit);
}

core::Status PostgresTransaction::Query(Statement statement, Params params, const VisitRow& visit) {
  SB_TRY(const Answer answer, Execute(statement, params));
  return VisitAll(answer, visit);  // all are here: the visitor may use the transaction
}

core::Result<std::int64_t> PostgresTransaction::Run(Statement statement, Params params) {
  SB_TRY(const Answer answer, Execute(statement, params));
  return WrittenRows(answer.get());
}

core::Result<Answer> PostgresTransaction::Execute(const Statement& statement, Params params) {
  SB_CHECK_OK(failure_);
  std::string text;
  statement.AppendTo(text);
  auto answer = statement.once() ? connection_.RunOnce(text) : connection_.Run(text, params);
  if (!answer) {
    return std::unexpected(Keep(std::move(answer).error()));
  }
  return answer;
}

core::Result<std::int64_t> PostgresTransaction::RunEach(Statement statement, std::size_t params,
                                                        const NextRow& next) {
  SB_CHECK_OK(failure_);
  std::string text;
  statement.AppendTo(text);
  auto written = RunInPipeline(connection_, text, params, next);
  if (!written) {
    return std::unexpected(Keep(std::move(written).error()));
  }
  return written;
}

core::Status PostgresTransaction::Insert(const Bulk& rows) {
  SB_CHECK_OK(failure_);
  if (auto copied = CopyRows(connection_, rows); !copied) {
    return std::unexpected(Keep(std::move(copied).error()));
  }
  return {};
}

core::Status PostgresTransaction::Lock(std::string_view name) {
  const Param param = name;
  SB_TRY(const Answer held, Execute("SELECT pg_advisory_xact_lock(hashtextextended("
                                    "current_schema() || '.' || $1, 0))",
                                    Params(&param, 1)));
  return {};
}

core::Error PostgresTransaction::Keep(core::Error error) {
  if (failure_) {
    failure_ = std::unexpected(error);
  }
  return error;
}

}  // namespace signalbox::store::postgres
