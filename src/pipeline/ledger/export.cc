#include "pipeline/ledger/export.h"

#include <algorithm>

#include "pipeline/ledger/csv.h"
#include "pipeline/ledger/print.h"
#include "pipeline/ledger/row.h"
#include "pipeline/ledger/row_filter.h"
#include "vendors/catalog/money.h"
#include "vendors/chat/envelope.h"

namespace signalbox::ledger {
namespace {

constexpr std::int64_t kRowsInAPart = 1000;

constexpr store::Statement kPart =
    "SELECT " SB_LEDGER_COLUMNS
    " FROM ledger_requests WHERE (id, attempt) > ($1, $2) AND id < $3 " SB_ROW_FILTER
    "ORDER BY id, attempt LIMIT $4";

constexpr std::string_view kHeader =
    "request_id,attempt,time,tenant,key,user,team,project,end_user,agent,session,task,feature,"
    "category,activity,tags,operation,provider,model,outcome,status,input_tokens,output_tokens,"
    "cached_tokens,reasoning_tokens,cost_usd,first_byte_us,total_us,cached,saved_usd\r\n";

template <typename Id>
void PutId(CsvLine& line, const Id& id) {
  id == Id{} ? line.Empty() : line.Plain(id.Text());
}

void PutKnown(CsvLine& line, std::int64_t value) {
  value < 0 ? line.Empty() : line.Int(value);
}

void PutUsd(CsvLine& line, std::int64_t nanos) {
  nanos < 0 ? line.Empty() : line.Plain(catalog::UsdText(catalog::NanoUsd{nanos}));
}

void PutCsv(const Record& record, std::string& out) {
  CsvLine line(out);
  line.Plain(record.request.Text()).Int(record.attempt).Plain(core::Iso8601(record.time));
  PutId(line, record.parties.tenant);
  PutId(line, record.parties.key);
  PutId(line, record.parties.user);
  PutId(line, record.parties.team);
  PutId(line, record.parties.project);
  const request::Labels& labels = record.labels;
  for (const std::string_view text :
       {labels.end_user, labels.agent, labels.session, labels.task, labels.feature, labels.category,
        labels.activity, labels.tags}) {
    line.Text(text);
  }
  line.Plain(chat::Name(static_cast<chat::Operation>(record.operation)));
  line.Text(record.provider).Text(record.model);
  line.Plain(Name(record.outcome)).Int(record.status);
  PutKnown(line, record.usage.input);
  PutKnown(line, record.usage.output);
  PutKnown(line, record.usage.cached);
  PutKnown(line, record.usage.reasoning);
  PutUsd(line, record.cost_nano_usd);
  line.Int(record.first_byte_us).Int(static_cast<std::int64_t>(record.total_us));
  line.Int(record.cached ? 1 : 0);
  PutUsd(line, record.saved_nano_usd);
  line.End();
}

}  // namespace

core::Result<std::uint64_t> ExportRequests(store::Sql& sql, const RequestQuery& query,
                                           ExportFormat format, const WriteText& write) {
  RowFilter filter(query.scope, query.filter);
  const core::Uuid end = FirstIdAt(query.period.end);
  RequestCursor last{{FirstIdAt(query.period.begin)}, 0};
  std::uint64_t written = 0;
  std::string text(format == ExportFormat::kCsv ? kHeader : std::string_view());
  for (std::int64_t found = filter.impossible() ? 0 : kRowsInAPart; found == kRowsInAPart;) {
    found = 0;
    const RequestCursor from = last;
    filter.Bind(std::as_bytes(std::span(from.request.uuid.bytes)), std::int64_t{from.attempt},
                std::as_bytes(std::span(end.bytes)), kRowsInAPart);
    SB_CHECK_OK(sql.Query(kPart, filter.params(), [&](const store::Row& row) {
      const Record record = ReadRow(row);
      ++found;
      last = {record.request, record.attempt};
      if (filter.Matches(record)) {
        ++written;
        format == ExportFormat::kCsv ? PutCsv(record, text)
                                     : (PrintJson(record, text), text.push_back('\n'));
      }
      return core::Status();
    }));
    SB_CHECK_OK(write(text));
    text.clear();
  }
  if (!text.empty()) {
    SB_CHECK_OK(write(text));
  }
  return written;
}

}  // namespace signalbox::ledger
