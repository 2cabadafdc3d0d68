#include "pipeline/cache/draft.h"

#include <algorithm>
#include <new>

#include "pipeline/cache/table.h"

namespace signalbox::cache {
namespace {

// Names longer than this are nobody's; they must fit into the first block.
constexpr std::size_t kMostText = 80;
static_assert(sizeof(EntryHead) + 4 * kMostText <= Blocks::kSize);

}  // namespace

Draft::Draft(Table& table, const EntryTexts& texts, std::uint64_t most)
    : table_(table), most_(most), visits_(Table::kMostVisits) {
  const std::array<std::string_view, 4> all = {texts.provider, texts.model, texts.content_type,
                                               texts.tags};
  const bool fit =
      std::ranges::all_of(all, [](std::string_view text) { return text.size() <= kMostText; });
  if (!fit || !Grow()) {
    return;
  }
  EntryHead* const head = new (table_.blocks().At(first_)) EntryHead;
  used_ = sizeof(EntryHead);
  for (std::size_t i = 0; i < all.size(); ++i) {
    head->texts[i] = static_cast<std::uint16_t>(all[i].size());
    all[i].copy(table_.blocks().At(first_) + used_, all[i].size());
    used_ += all[i].size();
  }
}

Draft::Draft(Draft&& other) noexcept
    : table_(other.table_),
      most_(other.most_),
      bytes_(other.bytes_),
      first_(std::exchange(other.first_, 0)),
      last_(other.last_),
      blocks_(other.blocks_),
      visits_(other.visits_),
      used_(other.used_) {}

EntryHead& Draft::head() const {
  return *reinterpret_cast<EntryHead*>(table_.blocks().At(first_));
}

// Another block at the end.
bool Draft::Grow() {
  const std::uint32_t block = table_.TakeBlock(visits_);
  if (block == 0) {
    GiveBack();
    return false;
  }
  if (first_ == 0) {
    first_ = block;
  } else {
    table_.blocks().next(last_).store(block, std::memory_order_relaxed);
  }
  last_ = block;
  used_ = 0;
  ++blocks_;
  return true;
}

bool Draft::Append(std::string_view bytes) {
  if (!fits()) {
    return false;
  }
  bytes_ += bytes.size();
  if (bytes_ > most_) {
    GiveBack();
    return false;
  }
  while (!bytes.empty()) {
    if (used_ == Blocks::kSize && !Grow()) {
      return false;
    }
    const std::size_t size = std::min(bytes.size(), Blocks::kSize - used_);
    bytes.copy(table_.blocks().At(last_) + used_, size);
    used_ += size;
    bytes.remove_prefix(size);
  }
  return true;
}

Entry Draft::Publish(const EntryFacts& facts) && {
  EntryHead& written = head();
  written.facts = facts;
  written.body_bytes = bytes_;
  table_.blocks().Publish(first_, last_, blocks_, 2);  // the table, and whoever gets it from here
  return table_.Insert(std::exchange(first_, 0));
}

void Draft::GiveBack() {
  if (first_ != 0) {
    table_.blocks().Give(std::exchange(first_, 0), last_);
  }
}

}  // namespace signalbox::cache
