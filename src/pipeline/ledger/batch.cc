#include "pipeline/ledger/batch.h"

#include "io/store/text.h"

namespace signalbox::ledger {
namespace {

// What nearly all records stay below; a batch of longer ones is full earlier.
constexpr std::size_t kBytesEach = 512;

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

Batch::Batch(std::size_t most_records) : most_records_(most_records) {
  bytes_.reserve(most_records * kBytesEach + kMaxRecordBytes);
  records_.reserve(most_records);
}

bool Batch::full() const {
  return records_.size() == most_records_ || bytes_.capacity() - bytes_.size() < kMaxRecordBytes;
}

void Batch::Take(const Frame& frame) {
  if (frame.type != FrameType::kSettlement) {
    return;
  }
  const std::size_t start = bytes_.size();
  bytes_.insert(bytes_.end(), frame.bytes.begin(), frame.bytes.end());
  Frame kept = frame;
  kept.bytes = std::span<const std::byte>(bytes_).subspan(start);
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
  bytes_.clear();
  records_.clear();
  mended_.clear();
}

}  // namespace signalbox::ledger
