#include "io/store/sql.h"

#include <vector>

namespace signalbox::store {

core::Result<std::int64_t> Transaction::RunEach(Statement statement, std::size_t params,
                                                const NextRow& next) {
  std::int64_t written = 0;
  for (std::vector<Param> row(params); next(row);) {
    SB_TRY(const std::int64_t rows, Run(statement, row));
    written += rows;
  }
  return written;
}

core::Status Transaction::Lock(std::string_view /*name*/) {
  return {};  // an engine with one writer at a time has nothing to wait for
}

}  // namespace signalbox::store
