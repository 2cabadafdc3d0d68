#include "pipeline/ledger/codec_attribution.h"

#include <algorithm>
#include <cstring>

namespace signalbox::ledger {
namespace {

using request::Labels;
using request::Parties;

constexpr std::string_view Labels::* kLabels[] = {
    &Labels::end_user, &Labels::agent,    &Labels::session,  &Labels::task,
    &Labels::feature,  &Labels::category, &Labels::activity, &Labels::tags};
constexpr unsigned kParties = 5;
constexpr unsigned kKnown = kParties + std::size(kLabels) + 2;  // kinds of things

// Visits the ids of `parties` in their order.
template <typename P, typename Visit>
void EachParty(P& parties, const Visit& visit) {
  visit(parties.tenant.uuid);
  visit(parties.key.uuid);
  visit(parties.user.uuid);
  visit(parties.team.uuid);
  visit(parties.project.uuid);
}

// Takes bytes from the front of what is left; stays empty-handed once there are too few.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::span<const std::byte> Take(std::size_t size) {
    whole_ = whole_ && size <= rest_.size();
    const auto taken = whole_ ? rest_.first(size) : std::span<const std::byte>();
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  template <typename T>
  T Number() {
    T value{};
    const auto bytes = Take(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  bool whole() const { return whole_; }
  std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::byte> rest_;
  bool whole_ = true;
};

}  // namespace

std::size_t CutSize(std::string_view text) {
  return std::min(text.size(), kMaxText);
}

std::size_t AttributionSize(const Record& record) {
  std::size_t size = (record.reserved_nano_usd != 0 ? 8 : 0) + (record.saved_nano_usd >= 0 ? 8 : 0);
  if (!record.parties.empty()) {
    EachParty(record.parties, [&](const core::Uuid& id) { size += id == core::Uuid{} ? 0 : 16; });
  }
  for (const auto label : kLabels) {
    const std::string_view text = record.labels.*label;
    size += text.empty() ? 0 : 1 + CutSize(text);
  }
  return size == 0 ? 0 : 2 + size;
}

void PutAttribution(const Record& record, std::byte* out) {
  std::uint16_t known = 0;
  unsigned bit = 0;
  std::byte* at = out + sizeof known;
  const auto put = [&](const void* from, std::size_t size) {
    std::memcpy(at, from, size);
    at += size;
  };
  const auto mark = [&](bool there) {
    known = static_cast<std::uint16_t>(known | (there ? 1U << bit : 0U));
    ++bit;
    return there;
  };
  EachParty(record.parties, [&](const core::Uuid& id) {
    if (mark(id != core::Uuid{})) {
      put(id.bytes.data(), id.bytes.size());
    }
  });
  for (const auto label : kLabels) {
    const std::string_view text = record.labels.*label;
    if (mark(!text.empty())) {
      *at++ = static_cast<std::byte>(CutSize(text));
      put(text.data(), CutSize(text));
    }
  }
  if (mark(record.reserved_nano_usd != 0)) {
    put(&record.reserved_nano_usd, sizeof record.reserved_nano_usd);
  }
  if (mark(record.saved_nano_usd >= 0)) {
    put(&record.saved_nano_usd, sizeof record.saved_nano_usd);
  }
  std::memcpy(out, &known, sizeof known);
}

std::optional<std::size_t> TakeAttribution(std::span<const std::byte> bytes, Record& out) {
  Cursor cursor(bytes);
  const auto known = cursor.Number<std::uint16_t>();
  unsigned bit = 0;
  const auto there = [&] { return (known >> bit++ & 1U) != 0; };
  EachParty(out.parties, [&](core::Uuid& id) {
    if (there()) {
      const auto from = cursor.Take(id.bytes.size());
      std::memcpy(id.bytes.data(), from.data(), from.size());
    }
  });
  for (const auto label : kLabels) {
    if (there()) {
      const auto text = cursor.Take(cursor.Number<std::uint8_t>());
      out.labels.*label = {reinterpret_cast<const char*>(text.data()), text.size()};
    }
  }
  if (there()) {
    out.reserved_nano_usd = cursor.Number<std::int64_t>();
  }
  if (there()) {
    out.saved_nano_usd = cursor.Number<std::int64_t>();
  }
  if (!cursor.whole() || known >> kKnown != 0) {
    return std::nullopt;
  }
  return bytes.size() - cursor.left();
}

}  // namespace signalbox::ledger
