#include "pipeline/ledger/row.h"

#include <cstring>

namespace signalbox::ledger {
namespace {

using chat::Usage;
using store::Param;

// In the order of the columns.
constexpr std::int64_t Usage::* kUnits[] = {&Usage::input,
                                            &Usage::output,
                                            &Usage::cached,
                                            &Usage::reasoning,
                                            &Usage::cache_write,
                                            &Usage::cache_write_hour,
                                            &Usage::audio_input,
                                            &Usage::audio_cached,
                                            &Usage::audio_output,
                                            &Usage::image_input,
                                            &Usage::image_output,
                                            &Usage::citation,
                                            &Usage::images,
                                            &Usage::input_milliseconds,
                                            &Usage::output_milliseconds,
                                            &Usage::characters,
                                            &Usage::searches};

// Fills parameters one after the other.
class Binder {
 public:
  explicit Binder(std::span<Param> out) : out_(out) {}

  void Int(std::int64_t value) { out_[at_++] = value; }
  void Known(std::int64_t value) { value < 0 ? Null() : Int(value); }
  void Text(std::string_view text) { out_[at_++] = text; }
  void Label(std::string_view text) { text.empty() ? Null() : Text(text); }
  void Uuid(const core::Uuid& uuid) { out_[at_++] = std::as_bytes(std::span(uuid.bytes)); }
  void Party(const core::Uuid& uuid) { uuid == core::Uuid{} ? Null() : Uuid(uuid); }

 private:
  void Null() { out_[at_++] = std::monostate(); }

  std::span<Param> out_;
  std::size_t at_ = 0;
};

void BindLabels(const request::Labels& labels, Binder& to) {
  to.Label(labels.end_user);
  to.Label(labels.agent);
  to.Label(labels.session);
  to.Label(labels.task);
  to.Label(labels.feature);
  to.Label(labels.category);
  to.Label(labels.activity);
  to.Label(labels.tags);
}

// Reads columns one after the other.
class Unbinder {
 public:
  explicit Unbinder(const store::Row& row) : row_(row) {}

  std::int64_t Int() { return row_.Int(at_++); }
  template <typename T>
  T As() {
    return static_cast<T>(Int());
  }
  std::int64_t Known() {
    const std::size_t column = at_++;
    return row_.IsNull(column) ? -1 : row_.Int(column);
  }
  std::string_view Text() {
    const std::size_t column = at_++;
    return row_.IsNull(column) ? std::string_view() : row_.Text(column);
  }
  core::Uuid Uuid() {
    const std::size_t column = at_++;
    core::Uuid uuid;
    const auto bytes = row_.IsNull(column) ? store::Bytes() : row_.Bytes(column);
    if (bytes.size() == uuid.bytes.size()) {
      std::memcpy(uuid.bytes.data(), bytes.data(), bytes.size());
    }
    return uuid;
  }

 private:
  const store::Row& row_;
  std::size_t at_ = 0;
};

void ReadWho(Unbinder& from, Record& out) {
  out.parties.tenant = {from.Uuid()};
  out.parties.key = {from.Uuid()};
  out.parties.user = {from.Uuid()};
  out.parties.team = {from.Uuid()};
  out.parties.project = {from.Uuid()};
  out.principal = from.Text();
  out.labels.end_user = from.Text();
  out.labels.agent = from.Text();
  out.labels.session = from.Text();
  out.labels.task = from.Text();
  out.labels.feature = from.Text();
  out.labels.category = from.Text();
  out.labels.activity = from.Text();
  out.labels.tags = from.Text();
}

}  // namespace

const std::array<store::Statement, kRowColumns> kRowColumnNames = {"id",
                                                                   "attempt",
                                                                   "tenant_id",
                                                                   "key_id",
                                                                   "user_id",
                                                                   "team_id",
                                                                   "project_id",
                                                                   "principal",
                                                                   "end_user",
                                                                   "agent",
                                                                   "session",
                                                                   "task",
                                                                   "feature",
                                                                   "category",
                                                                   "activity",
                                                                   "tags",
                                                                   "settled_at",
                                                                   "operation",
                                                                   "streamed",
                                                                   "provider",
                                                                   "model",
                                                                   "outcome",
                                                                   "status",
                                                                   "input_tokens",
                                                                   "output_tokens",
                                                                   "cached_tokens",
                                                                   "reasoning_tokens",
                                                                   "cache_write_tokens",
                                                                   "cache_write_hour_tokens",
                                                                   "audio_input_tokens",
                                                                   "audio_cached_tokens",
                                                                   "audio_output_tokens",
                                                                   "image_input_tokens",
                                                                   "image_output_tokens",
                                                                   "citation_tokens",
                                                                   "images",
                                                                   "input_milliseconds",
                                                                   "output_milliseconds",
                                                                   "characters",
                                                                   "searches",
                                                                   "search_size",
                                                                   "usage_source",
                                                                   "cost_nano_usd",
                                                                   "cost_stated",
                                                                   "reserved_nano_usd",
                                                                   "request_bytes",
                                                                   "answer_bytes",
                                                                   "first_byte_us",
                                                                   "total_us",
                                                                   "archive",
                                                                   "cached",
                                                                   "saved_nano_usd"};

void BindRow(const Record& record, std::string_view archive, std::span<Param> out) {
  Binder to(out);
  to.Uuid(record.request.uuid);
  to.Int(record.attempt);
  to.Party(record.parties.tenant.uuid);
  to.Party(record.parties.key.uuid);
  to.Party(record.parties.user.uuid);
  to.Party(record.parties.team.uuid);
  to.Party(record.parties.project.uuid);
  to.Label(record.principal);
  BindLabels(record.labels, to);
  to.Int(record.time.time_since_epoch().count());
  to.Int(record.operation);
  to.Int(record.streamed ? 1 : 0);
  to.Text(record.provider);
  to.Text(record.model);
  to.Int(static_cast<std::int64_t>(record.outcome));
  to.Int(record.status);
  for (const auto unit : kUnits) {
    to.Known(record.usage.*unit);
  }
  to.Int(static_cast<std::int64_t>(record.usage.search_size));
  to.Int(static_cast<std::int64_t>(record.usage_source));
  to.Known(record.cost_nano_usd);
  to.Int(record.cost_stated ? 1 : 0);
  to.Int(record.reserved_nano_usd);
  to.Int(static_cast<std::int64_t>(record.request_bytes));
  to.Int(static_cast<std::int64_t>(record.answer_bytes));
  to.Int(record.first_byte_us);
  to.Int(static_cast<std::int64_t>(record.total_us));
  to.Text(archive);
  to.Int(record.cached ? 1 : 0);
  to.Known(record.saved_nano_usd);
}

Record ReadRow(const store::Row& row) {
  Unbinder from(row);
  Record record;
  record.type = RecordType::kSettlement;
  record.request = {from.Uuid()};
  record.attempt = from.As<std::uint16_t>();
  ReadWho(from, record);
  record.time = core::WallTime(std::chrono::nanoseconds(from.Int()));
  record.operation = from.As<std::uint8_t>();
  record.streamed = from.Int() != 0;
  record.provider = from.Text();
  record.model = from.Text();
  record.outcome = from.As<Outcome>();
  record.status = from.As<std::uint16_t>();
  for (const auto unit : kUnits) {
    record.usage.*unit = from.Known();
  }
  record.usage.search_size = from.As<chat::SearchSize>();
  record.usage_source = from.As<UsageSource>();
  record.cost_nano_usd = from.Known();
  record.cost_stated = from.Int() != 0;
  record.reserved_nano_usd = from.Int();
  record.request_bytes = from.As<std::uint64_t>();
  record.answer_bytes = from.As<std::uint64_t>();
  record.first_byte_us = from.As<std::uint32_t>();
  record.total_us = from.As<std::uint64_t>();
  from.Text();  // the archive
  record.cached = from.Int() != 0;
  record.saved_nano_usd = from.Known();
  return record;
}

}  // namespace signalbox::ledger
