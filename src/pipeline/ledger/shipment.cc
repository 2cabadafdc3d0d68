#include "pipeline/ledger/shipment.h"

#include <array>
#include <string>

#include "pipeline/ledger/reconcile.h"
#include "pipeline/ledger/rollup_rows.h"
#include "pipeline/ledger/row.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;
using store::Param;

constexpr store::Statement kInsertIfNew =
    "INSERT INTO ledger_requests (" SB_LEDGER_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, "
    "$37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52) "
    "ON CONFLICT (id, attempt) DO NOTHING";

// The writing of one batch.
class Shipment {
 public:
  Shipment(ArchiveId archive, const Batch& batch, core::WallTime now)
      : archive_(archive.Text()), batch_(batch), now_(now) {}

  // All rows are new, as they nearly always are.
  core::Status WriteNew(store::Transaction& transaction) {
    SB_CHECK_OK(MoveCursor(transaction));
    std::size_t next = 0;
    store::Bulk bulk{.table = "ledger_requests", .columns = kRowColumnNames};
    bulk.next = [&](std::span<Param> out) {
      if (next == batch_.records().size()) {
        return false;
      }
      BindRow(batch_.records()[next++], archive_, out);
      return true;
    };
    SB_CHECK_OK(transaction.Insert(bulk));
    Rollups rollups;
    for (const Record& record : batch_.records()) {
      rollups.Add(record);
    }
    return AddRollups(transaction, rollups);
  }

  // Some are there already: those count nothing.
  core::Status WriteMissing(store::Transaction& transaction) {
    SB_CHECK_OK(MoveCursor(transaction));
    Rollups rollups;
    std::array<Param, kRowColumns> row;
    for (const Record& record : batch_.records()) {
      BindRow(record, archive_, row);
      SB_TRY(const std::int64_t written, transaction.Run(kInsertIfNew, row));
      if (written != 0) {
        rollups.Add(record);
      } else if (record.outcome != Outcome::kUncertain) {
        SB_TRY([[maybe_unused]] const bool changed,
               SettleUncertain(transaction, record, now_, rollups));
      }
    }
    return AddRollups(transaction, rollups);
  }

  bool moved() const { return moved_; }

 private:
  // First, so that two shippers of one archive wait for each other here.
  core::Status MoveCursor(store::Transaction& transaction) {
    moved_ = false;
    const std::int64_t now = now_.time_since_epoch().count();
    SB_CHECK_OK(transaction.Run(
        "INSERT INTO ledger_cursors (archive, segment, position, shipped, updated_at) "
        "VALUES ($1, 0, 0, 0, $2) ON CONFLICT (archive) DO NOTHING",
        {std::string_view(archive_), now}));
    SB_TRY(
        const std::int64_t changed,
        transaction.Run(
            "UPDATE ledger_cursors SET segment = $2, position = $3, shipped = shipped + $4, "
            "updated_at = $5 WHERE archive = $1 AND segment = $6 AND position = $7",
            {std::string_view(archive_), std::int64_t{batch_.end.segment},
             static_cast<std::int64_t>(batch_.end.offset),
             static_cast<std::int64_t>(batch_.records().size()), now,
             std::int64_t{batch_.begin.segment}, static_cast<std::int64_t>(batch_.begin.offset)}));
    moved_ = changed == 0;
    return moved_ ? core::Fail(ErrorCode::kConflict, "the ledger's cursor was moved meanwhile")
                  : core::Status();
  }

  const std::string archive_;
  const Batch& batch_;
  const core::WallTime now_;
  bool moved_ = false;
};

}  // namespace

core::Result<Position> ReadCursor(store::Sql& sql, ArchiveId archive) {
  Position position;
  SB_CHECK_OK(sql.Query("SELECT segment, position FROM ledger_cursors WHERE archive = $1",
                        {std::string_view(archive.Text())}, [&](const store::Row& row) {
                          position = {static_cast<std::uint32_t>(row.Int(0)),
                                      static_cast<std::uint64_t>(row.Int(1))};
                          return core::Status();
                        }));
  return position;
}

core::Result<Shipped> Ship(store::Sql& sql, ArchiveId archive, const Batch& batch,
                           core::WallTime now) {
  Shipment shipment(archive, batch, now);
  auto written =
      sql.Write([&](store::Transaction& transaction) { return shipment.WriteNew(transaction); });
  if (!written && written.error().code == ErrorCode::kConflict && !shipment.moved()) {
    written = sql.Write(
        [&](store::Transaction& transaction) { return shipment.WriteMissing(transaction); });
  }
  if (!written && shipment.moved()) {
    return Shipped::kMoved;
  }
  SB_CHECK_OK(written);
  return Shipped::kDone;
}

}  // namespace signalbox::ledger
