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

// Longer than any call takes.
constexpr std::chrono::hours kMayRun{1};

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

core::Status TakeStored(store::Sql& sql, core::RequestId request, const Scope& scope,
                        Attempts& out) {
  SB_CHECK_OK(ledger::FindAttempts(sql, {.tenant = scope.tenant()}, request,
                                   [&](const ledger::Record& record) -> core::Status {
                                     Take(record, out);
                                     return {};
                                   }));
  return {};
}

core::Status TakeWritten(const std::string& data, core::RequestId request, const Scope& scope,
                         Attempts& out) {
  if (data.empty()) {
    return {};
  }
  ledger::Reader reader(data);
  SB_CHECK_OK(reader.Find(request, [&](const ledger::Record& record) {
    if (scope.Holds(record.parties.tenant)) {
      Take(record, out);
    }
  }));
  return {};
}

}  // namespace

core::Result<std::optional<std::string>> TellRequest(const StorySources& from,
                                                     core::RequestId request, const Scope& scope,
                                                     core::WallTime now) {
  Attempts attempts;
  core::Status stored;
  if (from.records != nullptr) {
    stored = TakeStored(*from.records, request, scope, attempts);
  }
  if (attempts.empty() || now - request.uuid.Time() < kMayRun) {
    Attempts written;
    const core::Status read = TakeWritten(from.data, request, scope, written);
    // The store's is what counts: it knows of corrections and of what was erased.
    attempts.merge(written);
    if (attempts.empty()) {
      SB_CHECK_OK(stored);
      if (!read && read.error().code != core::ErrorCode::kNotFound) {
        return std::unexpected(read.error());
      }
      return std::nullopt;
    }
  }
  return Write(request, attempts);
}

}  // namespace signalbox::api
