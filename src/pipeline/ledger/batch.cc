#include "pipeline/ledger/batch.h"

#include <algorithm>

#include "io/store/text.h"

namespace signalbox::ledger {
namespace {

// What nearly all records stay below; a batch of longer ones is full earlier.
constexpr std::size_t kBytesEach = 512;
// A block comes from the system by itself and goes back there.
constexpr std::size_t kBlockBytes = 256 * 1024;
static_assert(kBlockBytes >= kMaxRecordBytes);
constexpr std::size_t kKeptRecords = 256;

template <typename Visit>
void VisitTexts(Record& record, const Visit& visit) {
  auto& labels = record.labels;
  for (std::string_view* text :
       {&record.provider, &record.model, &record.principal, &labels.end_user, &labels.agent,
        &labels.session, &labels.task, &labels.feature, &labels.category, &labels.activity,
        &labels.tags}) {
    visit(*text);
  }
}

}  // namespace

Batch::Batch(std::size_t most_records) : most_records_(most_records) {}

bool Batch::full() const {
  return records_.size() == most_records_ || bytes_ >= most_records_ * kBytesEach;
}

std::span<const std::byte> Batch::Keep(std::span<const std::byte> bytes) {
  if (left_ < bytes.size()) {
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kBlockBytes));
    left_ = kBlockBytes;
  }
  std::byte* const to = blocks_.back().get() + (kBlockBytes - left_);
  std::ranges::copy(bytes, to);
  left_ -= bytes.size();
  bytes_ += bytes.size();
  return {to, bytes.size()};
}

void Batch::Take(const Frame& frame) {
  if (frame.type != FrameType::kSettlement) {
    return;
  }
  Frame kept = frame;
  kept.bytes = Keep(frame.bytes);
  Record record;
  if (!DecodeBody(kept, record)) {
    return;
  }
  VisitTexts(record, [this](std::string_view& text) { Mend(text); });
  records_.push_back(record);
}

void Batch::Mend(std::string_view& text) {
  if (!store::IsStorableText(text)) {
    text = mended_.emplace_back(store::StorableText(text));
  }
}

void Batch::Clear() {
  blocks_.clear();
  left_ = bytes_ = 0;
  records_.clear();
  if (records_.capacity() > kKeptRecords) {
    records_ = std::vector<Record>();  // `= {}` would keep the memory
  }
  mended_.clear();
}

}  // namespace signalbox::ledger
