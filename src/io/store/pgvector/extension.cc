#include "io/store/pgvector/extension.h"

#include <algorithm>
#include <string>

namespace signalbox::pgvector {
namespace {

using core::ErrorCode;
using store::Row;
using store::Transaction;

core::Result<bool> Any(store::Reader& reader, store::Statement statement) {
  bool any = false;
  SB_CHECK_OK(reader.Query(statement, {}, [&any](const Row&) -> core::Status {
    any = true;
    return {};
  }));
  return any;
}

core::Result<bool> IsMade(store::Reader& reader) {
  return Any(reader, "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'vector'");
}

}  // namespace

core::Status MakeExtension(store::Sql& sql) {
  if (sql.engine() != store::Engine::kPostgres) {
    return core::Fail(ErrorCode::kNotFound, sql.Name() + " has no extension pgvector");
  }
  SB_TRY(const bool made, IsMade(sql));
  if (made) {
    return {};
  }
  SB_TRY(const bool there,
         Any(sql, "SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = 'vector'"));
  if (!there) {
    return core::Fail(ErrorCode::kNotFound,
                      sql.Name() +
                          ": the server does not have the extension pgvector: install it "
                          "there (Debian: postgresql-NN-pgvector), or have vectors "
                          "searched in the process");
  }
  core::Status status = sql.Change([](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("CREATE EXTENSION IF NOT EXISTS vector", {}));
    return {};
  });
  if (!status && status.error().code == ErrorCode::kInternal) {  // what is not granted, too
    return core::Fail(ErrorCode::kForbidden, status.error().message +
                                                 ": have an administrator run CREATE EXTENSION "
                                                 "vector in this database");
  }
  return status;
}

core::Status UseExtension(Transaction& transaction) {
  return transaction.Query(
      "SELECT set_config('search_path', "
      "current_setting('search_path') || ', ' || quote_ident(n.nspname), true) "
      "FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace "
      "WHERE e.extname = 'vector'",
      {}, [](const Row&) { return core::Status(); });
}

// ef_search is how many candidates the index keeps: 1,000 at most. The planner knows little of
// filters, and would rather sort all rows.
core::Status UseIndex(Transaction& transaction, std::size_t k) {
  SB_CHECK_OK(UseExtension(transaction));
  const std::string width = std::to_string(std::clamp<std::size_t>(2 * k, 200, 1000));
  return transaction.Query(
      "SELECT set_config('hnsw.ef_search', $1, true), set_config('enable_seqscan', 'off', true), "
      "set_config('enable_sort', 'off', true)",
      {std::string_view(width)}, [](const Row&) { return core::Status(); });
}

}  // namespace signalbox::pgvector
