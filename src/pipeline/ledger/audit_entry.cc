#include "pipeline/ledger/audit_entry.h"

#include <array>
#include <cstring>

namespace signalbox::ledger {
namespace {

constexpr std::array<std::string_view, 3> kSeverities = {"info", "warning", "critical"};

template <typename Row, typename Visit>
void VisitTexts(Row& row, const Visit& visit) {
  visit(row.replica);
  visit(row.entry.action);
  visit(row.entry.entity_type);
  visit(row.entry.entity_id);
  visit(row.entry.user_id);
  visit(row.entry.resource_name);
  visit(row.entry.details);
}

std::span<const std::byte> TenantBytes(const AuditRow& row) {
  return std::as_bytes(std::span(row.entry.tenant.uuid.bytes));
}

void PutNumber(std::uint64_t number, std::vector<std::byte>& out) {
  const auto bytes = std::as_bytes(std::span(&number, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Takes fields off the front; everything is empty once something did not fit.
class Taker {
 public:
  explicit Taker(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::span<const std::byte> Bytes(std::size_t size) {
    if (rest_.size() < size) {
      good_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::uint64_t Number() {
    std::uint64_t number = 0;
    const auto bytes = Bytes(sizeof number);
    if (good_) {
      std::memcpy(&number, bytes.data(), sizeof number);
    }
    return number;
  }
  std::string Text() {
    const auto bytes = Bytes(Number());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  template <std::size_t N, typename T>
  void Array(std::array<T, N>& out) {
    const auto bytes = Bytes(N);
    if (good_) {
      std::memcpy(out.data(), bytes.data(), N);
    }
  }
  bool done() const { return good_ && rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
  bool good_ = true;
};

}  // namespace

std::string_view Name(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}

Digest HashOf(const AuditRow& row) {
  Hasher hasher;
  hasher.Add(row.previous).AddNumber(row.sequence);
  hasher.AddNumber(static_cast<std::uint64_t>(row.created_at.time_since_epoch().count()));
  hasher.AddNumber(static_cast<std::uint64_t>(row.entry.severity)).Add(TenantBytes(row));
  VisitTexts(row, [&hasher](const std::string& text) { hasher.AddText(text); });
  return hasher.Finish();
}

void EncodeAuditRow(const AuditRow& row, std::vector<std::byte>& out) {
  PutNumber(row.sequence, out);
  PutNumber(static_cast<std::uint64_t>(row.created_at.time_since_epoch().count()), out);
  PutNumber(static_cast<std::uint64_t>(row.entry.severity), out);
  const auto tenant = TenantBytes(row);
  out.insert(out.end(), tenant.begin(), tenant.end());
  VisitTexts(row, [&out](const std::string& text) {
    PutNumber(text.size(), out);
    const auto bytes = std::as_bytes(std::span(text));
    out.insert(out.end(), bytes.begin(), bytes.end());
  });
  out.insert(out.end(), row.previous.begin(), row.previous.end());
  out.insert(out.end(), row.hash.begin(), row.hash.end());
}

std::optional<AuditRow> DecodeAuditRow(std::span<const std::byte> bytes) {
  Taker from(bytes);
  AuditRow row;
  row.sequence = from.Number();
  row.created_at = core::WallTime(std::chrono::nanoseconds(from.Number()));
  row.entry.severity = static_cast<Severity>(from.Number() % kSeverities.size());
  from.Array(row.entry.tenant.uuid.bytes);
  VisitTexts(row, [&from](std::string& text) { text = from.Text(); });
  from.Array(row.previous);
  from.Array(row.hash);
  return from.done() && HashOf(row) == row.hash ? std::optional(std::move(row)) : std::nullopt;
}

}  // namespace signalbox::ledger
