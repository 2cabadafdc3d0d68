// The audit trail as people and their tools read it.
#include "base/json/writer.h"
#include "pipeline/ledger/audit_rows.h"
#include "pipeline/ledger/audit_trail.h"
#include "pipeline/ledger/csv.h"

namespace signalbox::ledger {
namespace {

void PutCsv(const AuditRow& row, std::string& out) {
  CsvLine line(out);
  line.Plain(core::Iso8601(row.created_at)).Text(row.entry.action).Text(row.entry.entity_type);
  line.Text(row.entry.entity_id).Text(row.entry.user_id).Text(row.entry.resource_name);
  line.Plain(Name(row.entry.severity)).Plain(TenantText(row.entry.tenant)).Text(row.entry.details);
  line.Plain(row.replica).Int(static_cast<std::int64_t>(row.sequence)).Plain(HexOf(row.hash));
  line.End();
}

}  // namespace

void PrintAuditJson(const AuditRow& row, std::string& out) {
  json::Writer writer(out);
  writer.BeginObject().Key("created_at").String(core::Iso8601(row.created_at));
  writer.Key("action").String(row.entry.action);
  writer.Key("entity_type").String(row.entry.entity_type);
  writer.Key("entity_id").String(row.entry.entity_id);
  writer.Key("user_id").String(row.entry.user_id);
  writer.Key("resource_name").String(row.entry.resource_name);
  writer.Key("severity").String(Name(row.entry.severity));
  writer.Key("tenant").String(TenantText(row.entry.tenant));
  writer.Key("details");
  row.entry.details.empty() ? writer.Null() : writer.Raw(row.entry.details);
  writer.Key("replica").String(row.replica);
  writer.Key("sequence").Uint(row.sequence);
  writer.Key("hash").String(HexOf(row.hash));
  writer.EndObject();
}

core::Result<std::uint64_t> ExportAudit(store::Sql& sql, AuditQuery query, ExportFormat format,
                                        const WriteText& write) {
  query.most = kAuditRowsInAPart;
  std::uint64_t written = 0;
  std::string text;
  if (format == ExportFormat::kCsv) {
    text =
        "created_at,action,entity_type,entity_id,user_id,resource_name,severity,tenant,details,"
        "replica,sequence,hash\r\n";
  }
  for (std::size_t found = kAuditRowsInAPart; found == kAuditRowsInAPart;) {
    SB_TRY(found, ListAudit(sql, query, [&](const AuditRow& row) {
             query.after = {row.created_at.time_since_epoch().count(), row.replica, row.sequence};
             if (format == ExportFormat::kCsv) {
               PutCsv(row, text);
             } else {
               PrintAuditJson(row, text);
               text += '\n';
             }
             return core::Status();
           }));
    written += found;
    SB_CHECK_OK(write(text));
    text.clear();
  }
  return written;
}

}  // namespace signalbox::ledger
