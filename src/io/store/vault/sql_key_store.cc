#include "io/store/vault/sql_key_store.h"

#include "io/store/vault/key_set_json.h"

namespace signalbox::vault {

core::Result<KeySet> SqlKeyStore::Load() {
  KeySet set;
  SB_CHECK_OK(sql_.Query("SELECT keys FROM data_keys WHERE id = 1", {},
                         [&set](const store::Row& row) -> core::Status {
                           SB_TRY(set, ParseKeySet(row.Text(0)));
                           return {};
                         }));
  return set;
}

core::Status SqlKeyStore::Save(const KeySet& set) {
  const std::string text = KeySetJson(set);
  const auto revision = static_cast<std::int64_t>(set.revision);
  return sql_.Write([&](store::Transaction& transaction) -> core::Status {
    const auto written = set.revision == 1
                             ? transaction.Run(
                                   "INSERT INTO data_keys (id, revision, keys) VALUES (1, $1, $2) "
                                   "ON CONFLICT (id) DO NOTHING",
                                   {revision, std::string_view(text)})
                             : transaction.Run(
                                   "UPDATE data_keys SET revision = $1, keys = $2 "
                                   "WHERE id = 1 AND revision = $3",
                                   {revision, std::string_view(text), revision - 1});
    SB_TRY(const std::int64_t rows, written);
    return rows == 1 ? core::Status()
                     : core::Fail(core::ErrorCode::kConflict,
                                  sql_.Name() + ": the keys changed meanwhile");
  });
}

}  // namespace signalbox::vault
