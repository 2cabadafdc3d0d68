#include "pipeline/ledger/print.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "base/json/writer.h"
#include "vendors/catalog/money.h"
#include "vendors/chat/envelope.h"

namespace signalbox::ledger {
namespace {

// Units that most calls have not, and are told only when they are known.
constexpr std::pair<std::string_view, std::int64_t chat::Usage::*> kMoreUnits[] = {
    {"cache_write_tokens", &chat::Usage::cache_write},
    {"cache_write_hour_tokens", &chat::Usage::cache_write_hour},
    {"audio_input_tokens", &chat::Usage::audio_input},
    {"audio_cached_tokens", &chat::Usage::audio_cached},
    {"audio_output_tokens", &chat::Usage::audio_output},
    {"image_input_tokens", &chat::Usage::image_input},
    {"image_output_tokens", &chat::Usage::image_output},
    {"citation_tokens", &chat::Usage::citation},
    {"images", &chat::Usage::images},
    {"input_milliseconds", &chat::Usage::input_milliseconds},
    {"output_milliseconds", &chat::Usage::output_milliseconds},
    {"characters", &chat::Usage::characters},
    {"searches", &chat::Usage::searches}};

std::string_view TypeName(RecordType type) {
  return type == RecordType::kIntent ? "intent" : "settlement";
}

std::string Usd(std::int64_t nanos) {
  return catalog::UsdText(catalog::NanoUsd{nanos});
}

void Known(json::Writer& writer, std::string_view key, std::int64_t value) {
  writer.Key(key);
  if (value < 0) {
    writer.Null();
  } else {
    writer.Int(value);
  }
}

void PrintSettlement(json::Writer& writer, const Record& record) {
  writer.Key("outcome").String(Name(record.outcome));
  writer.Key("status");
  if (record.status == 0) {
    writer.Null();
  } else {
    writer.Int(record.status);
  }
  Known(writer, "input_tokens", record.usage.input);
  Known(writer, "output_tokens", record.usage.output);
  Known(writer, "cached_tokens", record.usage.cached);
  Known(writer, "reasoning_tokens", record.usage.reasoning);
  for (const auto& [name, unit] : kMoreUnits) {
    if (record.usage.*unit >= 0) {
      writer.Key(name).Int(record.usage.*unit);
    }
  }
  writer.Key("usage_from");
  if (record.usage_source == UsageSource::kNone) {
    writer.Null();
  } else {
    writer.String(Name(record.usage_source));
  }
  writer.Key("answer_bytes").Uint(record.answer_bytes);
  writer.Key("first_byte_us").Uint(record.first_byte_us);
  writer.Key("total_us").Uint(record.total_us);
  writer.Key("cost_usd");
  if (record.cost_nano_usd < 0) {
    writer.Null();
  } else {
    writer.Raw(Usd(record.cost_nano_usd));
    writer.Key("cost_from").String(record.cost_stated ? "vendor" : "prices");
  }
  if (record.cached) {
    writer.Key("cached").Bool(true).Key("saved_usd");
    record.saved_nano_usd < 0 ? writer.Null() : writer.Raw(Usd(record.saved_nano_usd));
  }
}

std::string Count(std::int64_t value) {
  return value < 0 ? "-" : fmt::format("{}", value);
}

constexpr std::pair<std::string_view, std::string_view request::Labels::*> kLabels[] = {
    {"end_user", &request::Labels::end_user}, {"agent", &request::Labels::agent},
    {"session", &request::Labels::session},   {"task", &request::Labels::task},
    {"feature", &request::Labels::feature},   {"category", &request::Labels::category},
    {"activity", &request::Labels::activity}, {"tags", &request::Labels::tags}};

// Whom and what the call is booked on, as far as anybody said so.
void PrintAttribution(json::Writer& writer, const Record& record) {
  const auto party = [&](std::string_view name, const auto& id) {
    if (id.uuid != core::Uuid{}) {
      writer.Key(name).String(id.Text());
    }
  };
  party("tenant", record.parties.tenant);
  party("key", record.parties.key);
  party("user", record.parties.user);
  party("team", record.parties.team);
  party("project", record.parties.project);
  for (const auto& [name, label] : kLabels) {
    if (!(record.labels.*label).empty()) {
      writer.Key(name).String(record.labels.*label);
    }
  }
  if (record.reserved_nano_usd != 0) {
    writer.Key("reserved_usd").Raw(Usd(record.reserved_nano_usd));
  }
}

// Names come from clients: nothing in them may move a terminal's cursor.
std::string Printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    c = byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return out;
}

std::string_view Operation(const Record& record) {
  return chat::Name(static_cast<chat::Operation>(record.operation));
}

std::string_view WhatItIs(const Record& record) {
  return record.type == RecordType::kIntent ? "intent"
         : record.cached                    ? "cached"
                                            : Name(record.outcome);
}

}  // namespace

void PrintJson(const Record& record, std::string& out) {
  json::Writer writer(out);
  writer.BeginObject();
  writer.Key("type").String(TypeName(record.type));
  writer.Key("request_id").String(record.request.Text());
  writer.Key("attempt").Int(record.attempt);
  writer.Key("time").String(core::Iso8601(record.time));
  writer.Key("operation").String(Operation(record));
  writer.Key("provider").String(record.provider);
  writer.Key("model").String(record.model);
  writer.Key("principal").String(record.principal);
  PrintAttribution(writer, record);
  writer.Key("streamed").Bool(record.streamed);
  writer.Key("request_bytes").Uint(record.request_bytes);
  if (record.type == RecordType::kSettlement) {
    PrintSettlement(writer, record);
  }
  writer.EndObject();
}

void PrintLine(const Record& record, std::string& out) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "{}  {}  {:<10}  {} {}/{}  attempt {}", core::Iso8601(record.time),
                 record.request.Text(), WhatItIs(record), Operation(record),
                 Printable(record.provider), Printable(record.model), record.attempt);
  if (!record.principal.empty()) {
    fmt::format_to(to, "  by {}", Printable(record.principal));
  }
  if (record.type == RecordType::kSettlement) {
    fmt::format_to(to, "  {}  {} in, {} out  {} bytes  {:.1f} ms",
                   record.status == 0 ? "-" : fmt::format("{}", record.status),
                   Count(record.usage.input), Count(record.usage.output), record.answer_bytes,
                   static_cast<double>(record.total_us) / 1000.0);
    if (record.cost_nano_usd >= 0) {
      fmt::format_to(to, "  ${}", Usd(record.cost_nano_usd));
    }
  }
}

}  // namespace signalbox::ledger
