#include "io/store/hnsw/follower.h"

#include <cstring>

namespace signalbox::hnsw {

// Rows of later changes than `row` tells may be read along with the others; the next call reads
// them again, which changes nothing. What went without a trace is asked for after the rows were
// read: whatever was missed there is then in the question.
core::Result<bool> Follower::ReadOn(store::Sql& sql, const store::CollectionRow& row) {
  if (row.changes <= position_) {
    return false;
  }
  const std::scoped_lock reading(reading_);
  const std::int64_t position = position_;
  if (row.changes <= position) {
    return false;
  }
  SB_CHECK_OK(
      ReadChanges(sql, row.number, position, [this](const ChangedRow& one) { return Take(one); }));
  SB_TRY(const std::int64_t swept, store::ReadSwept(sql, row.number));
  if (swept > position) {
    SB_TRY(const auto ids, ReadIds(sql, row.number));
    index_.KeepOnly(ids);
  }
  position_ = row.changes;
  return true;
}

core::Status Follower::Take(const ChangedRow& row) {
  if (row.vector.empty()) {
    index_.Remove(row.id);
    return {};
  }
  if (row.vector.size() != shape_.dimension * sizeof(float)) {
    return core::Fail(core::ErrorCode::kInternal,
                      "vectors: a row does not have its collection's dimension: restore the "
                      "database from a backup, or drop the collection");
  }
  std::vector<float> vector(shape_.dimension);
  std::memcpy(vector.data(), row.vector.data(), row.vector.size());
  SB_TRY(store::Metadata metadata, store::ParseMetadata(row.metadata));
  index_.Put(row.id, row.change, vector, std::move(metadata));
  return {};
}

std::size_t Follower::BytesOf(std::size_t rows) const {
  constexpr std::size_t kRowBytes = 300;  // a slot, an id, a little metadata
  return rows * (shape_.dimension * sizeof(float) + kGraphBytes + kRowBytes);
}

}  // namespace signalbox::hnsw
