#include "io/store/pgvector/table.h"

#include <fmt/format.h>

#include <iterator>

#include "io/store/pgvector/filter_path.h"

namespace signalbox::pgvector {
namespace {

using store::Metric;
using store::Param;
using store::Row;
using store::Statement;
using store::Transaction;

constexpr std::size_t kMostIndexed = 2000;  // dimensions of the type `vector` in an HNSW index

Statement IndexOf(Metric metric) {
  switch (metric) {
    case Metric::kCosine:
      return "CREATE INDEX ON pgvector_{number} USING hnsw (embedding vector_cosine_ops) "
             "WITH (m = 16, ef_construction = 200)";
    case Metric::kDot:
      return "CREATE INDEX ON pgvector_{number} USING hnsw (embedding vector_ip_ops) "
             "WITH (m = 16, ef_construction = 200)";
    case Metric::kL2:
      break;
  }
  return "CREATE INDEX ON pgvector_{number} USING hnsw (embedding vector_l2_ops) "
         "WITH (m = 16, ef_construction = 200)";
}

std::string TextOf(std::span<const float> vector) {
  std::string text;
  text.reserve(vector.size() * 12 + 2);
  for (const float number : vector) {
    text += text.empty() ? '[' : ',';
    fmt::format_to(std::back_inserter(text), "{}", number);  // reads back equal
  }
  text += ']';
  return text;
}

}  // namespace

core::Result<std::vector<ReadyRow>> Table::Ready(std::span<const store::VectorRow> rows) const {
  std::vector<ReadyRow> ready;
  ready.reserve(rows.size());
  for (const store::VectorRow& row : rows) {
    SB_TRY(const auto vector,
           store::ReadyVector(row.vector, shape_, fmt::format("row {}", ready.size())));
    ready.push_back({row.id, TextOf(vector), store::MetadataJson(row.metadata)});
  }
  return ready;
}

core::Result<std::string> Table::ReadyQuery(std::span<const float> vector) const {
  SB_TRY(const auto ready, store::ReadyVector(vector, shape_, "the query"));
  return TextOf(ready);
}

bool Table::indexed() const {
  return shape_.dimension <= kMostIndexed;
}

core::Status Table::Make(Transaction& transaction) const {
  SB_CHECK_OK(
      transaction.Run(Statement("CREATE TABLE pgvector_{number} (id TEXT PRIMARY KEY, "
                                "embedding vector({size}) NOT NULL, metadata JSONB NOT NULL)")
                          .Of(number_, shape_.dimension),
                      {}));
  if (indexed()) {
    SB_CHECK_OK(transaction.Run(IndexOf(shape_.metric).Of(number_), {}));
  }
  return {};
}

core::Status Table::Drop(Transaction& transaction) const {
  SB_CHECK_OK(transaction.Run(Statement("DROP TABLE IF EXISTS pgvector_{number}").Of(number_), {}));
  return {};
}

core::Status Table::Upsert(Transaction& transaction, std::span<const ReadyRow> rows) const {
  SB_CHECK_OK(transaction.RunEach(
      Statement("INSERT INTO pgvector_{number} (id, embedding, metadata) "
                "VALUES ($1, $2::text::vector, $3::text::jsonb) ON CONFLICT (id) "
                "DO UPDATE SET embedding = excluded.embedding, metadata = excluded.metadata")
          .Of(number_),
      3, [&, at = std::size_t{0}](std::span<Param> row) mutable {
        if (at == rows.size()) {
          return false;
        }
        const ReadyRow& one = rows[at++];
        row[0] = one.id;
        row[1] = std::string_view(one.vector);
        row[2] = std::string_view(one.metadata);
        return true;
      }));
  return {};
}

core::Result<std::size_t> Table::Delete(Transaction& transaction,
                                        std::span<const std::string> ids) const {
  SB_TRY(const std::int64_t deleted,
         transaction.RunEach(Statement("DELETE FROM pgvector_{number} WHERE id = $1").Of(number_),
                             1, [&, at = std::size_t{0}](std::span<Param> row) mutable {
                               if (at == ids.size()) {
                                 return false;
                               }
                               row[0] = std::string_view(ids[at++]);
                               return true;
                             }));
  return static_cast<std::size_t>(deleted);
}

core::Result<std::size_t> Table::DeleteWhere(Transaction& transaction,
                                             const store::Filter& filter) const {
  const std::string path = FilterPath(filter);
  SB_TRY(const std::int64_t deleted,
         transaction.Run(Statement("DELETE FROM pgvector_{number} "
                                   "WHERE ($1 IS NULL OR metadata @@ $1::text::jsonpath)")
                             .Of(number_),
                         {PathParam(path)}));
  return static_cast<std::size_t>(deleted);
}

core::Result<std::size_t> Table::Count(store::Reader& reader, const store::Filter& filter) const {
  const std::string path = FilterPath(filter);
  std::size_t count = 0;
  SB_CHECK_OK(reader.Query(Statement("SELECT COUNT(*) FROM pgvector_{number} "
                                     "WHERE ($1 IS NULL OR metadata @@ $1::text::jsonpath)")
                               .Of(number_),
                           {PathParam(path)}, [&count](const Row& row) -> core::Status {
                             count = static_cast<std::size_t>(row.Int(0));
                             return {};
                           }));
  return count;
}

}  // namespace signalbox::pgvector
