#include "surface/api/request_story.h"

#include <algorithm>
#include <map>

#include "base/json/writer.h"
#include "pipeline/ledger/print.h"
#include "pipeline/ledger/reader.h"
#include "pipeline/ledger/request_query.h"
#include "vendors/catalog/money.h"

namespace signalbox::api {
namespace {

// The last that is known of an attempt.
struct Attempt {
  bool settled = false;
  ledger::Outcome outcome = ledger::Outcome::kOk;
  std::int64_t cost_nano_usd = -1;
  std::string json;
};
using Attempts = std::map<std::uint16_t, Attempt>;

void Take(const ledger::Record& record, Attempts& out) {
  Attempt& attempt = out[record.attempt];
  const bool settlement = record.type == ledger::RecordType::kSettlement;
  if (attempt.settled && !settlement) {
    return;
  }
  attempt = {.settled = settlement,
             .outcome = record.outcome,
             .cost_nano_usd = settlement ? record.cost_nano_usd : -1,
             .json = {}};
  ledger::PrintJson(record, attempt.json);
}

std::string Write(core::RequestId request, const Attempts& attempts) {
  const Attempt& last = attempts.rbegin()->second;
  std::int64_t cost = 0;
  for (const auto& [number, attempt] : attempts) {
    cost = cost < 0 || attempt.cost_nano_usd < 0 ? -1 : cost + attempt.cost_nano_usd;
  }
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("request_id").String(request.Text());
  writer.Key("outcome").String(last.settled ? Name(last.outcome) : "open");
  writer.Key("cost_usd");
  if (cost < 0) {
    writer.Null();
  } else {
    writer.Raw(catalog::UsdText(catalog::NanoUsd{cost}));
  }
  writer.Key("attempts").BeginArray();
  for (const auto& [number, attempt] : attempts) {
    writer.Raw(attempt.json);
  }
  writer.EndArray().EndObject();
  return out;
}

}  // namespace

core::Result<std::optional<std::string>> TellRequest(const std::string& data_directory,
                                                     core::RequestId request, const Scope& scope) {
  Attempts attempts;
  ledger::Reader reader(data_directory);
  SB_TRY([[maybe_unused]] const std::size_t found,
         reader.Find(request, [&](const ledger::Record& record) {
           if (scope.Holds(record.parties.tenant)) {
             Take(record, attempts);
           }
         }));
  if (attempts.empty()) {
    return std::nullopt;
  }
  return Write(request, attempts);
}

core::Result<std::optional<std::string>> TellStored(store::Sql& sql, core::RequestId request,
                                                    const ledger::Scope& scope) {
  Attempts attempts;
  SB_CHECK_OK(
      ledger::FindAttempts(sql, scope, request, [&](const ledger::Record& record) -> core::Status {
        Take(record, attempts);
        return {};
      }));
  return attempts.empty() ? std::nullopt : std::optional(Write(request, attempts));
}

}  // namespace signalbox::api
