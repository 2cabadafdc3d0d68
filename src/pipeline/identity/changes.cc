#include "pipeline/identity/changes.h"

namespace signalbox::identity {

core::Result<std::int64_t> NextChange(store::Transaction& transaction) {
  std::int64_t number = 0;
  SB_CHECK_OK(transaction.Query(
      "UPDATE identity_facts SET number = number + 1 WHERE name = 'changes' RETURNING number", {},
      [&](const store::Row& row) -> core::Status {
        number = row.Int(0);
        return {};
      }));
  if (number == 0) {
    return core::Fail(core::ErrorCode::kInternal, "identity: the row that counts changes is gone");
  }
  return number;
}

core::Status NoteChange(store::Transaction& transaction, std::int64_t number, ChangeKind kind,
                        std::string_view id) {
  SB_CHECK_OK(transaction.Run("INSERT INTO identity_changes (number, kind, id) VALUES ($1, $2, $3)",
                              {number, static_cast<std::int64_t>(kind), id}));
  SB_CHECK_OK(
      transaction.Run("DELETE FROM identity_changes WHERE number <= $1", {number - kKeptChanges}));
  return {};
}

core::Result<std::string> ReadFact(store::Reader& reader, std::string_view name) {
  std::string value;
  SB_CHECK_OK(reader.Query("SELECT value FROM identity_facts WHERE name = $1", {name},
                           [&](const store::Row& row) -> core::Status {
                             value = row.Text(0);
                             return {};
                           }));
  return value;
}

core::Status WriteFact(store::Transaction& transaction, std::string_view name,
                       std::string_view value) {
  SB_CHECK_OK(
      transaction.Run("INSERT INTO identity_facts (name, number, value) VALUES ($1, 0, $2) "
                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                      {name, value}));
  return {};
}

}  // namespace signalbox::identity
