#include "pipeline/cache/exact_cache.h"

#include <new>

namespace signalbox::cache {
namespace {

// Whether `tags`, "a,b=c", has `tag`.
bool HasTag(std::string_view tags, std::string_view tag) {
  while (!tags.empty()) {
    const std::size_t comma = std::min(tags.find(','), tags.size());
    std::string_view each = tags.substr(0, comma);
    while (each.starts_with(' ')) {
      each.remove_prefix(1);
    }
    if (each == tag) {
      return true;
    }
    tags.remove_prefix(std::min(comma + 1, tags.size()));
  }
  return false;
}

bool IsModel(const EntryTexts& texts, std::string_view model) {
  if (model == texts.model) {
    return true;
  }
  const std::size_t start = texts.provider.size();
  return model.size() == start + 1 + texts.model.size() && model.starts_with(texts.provider) &&
         model[start] == '/' && model.ends_with(texts.model);
}

bool Matches(const Entry& entry, const Purge& which) {
  const EntryFacts& facts = entry.facts();
  return (!which.key || facts.key == *which.key) &&
         (!which.tenant || facts.tenant == *which.tenant) &&
         (which.model.empty() || IsModel(entry.texts(), which.model)) &&
         (which.tag.empty() || HasTag(entry.texts().tags, which.tag));
}

}  // namespace

ExactCache::ExactCache(const ExactOptions& options)
    : limits_{.bytes = options.max_bytes.bytes, .entries = options.max_entries},
      max_followers_(options.max_followers) {}

ExactCache::~ExactCache() {
  delete room_.load(std::memory_order_relaxed);
}

ExactCache::Room* ExactCache::room() {
  Room* room = room_.load(std::memory_order_acquire);
  if (room != nullptr) [[likely]] {
    return room;
  }
  try {
    auto made = std::unique_ptr<Room>(new Room{Table(limits_), Flights(max_followers_)});
    if (room_.compare_exchange_strong(room, made.get(), std::memory_order_acq_rel)) {
      return made.release();
    }
    return room;  // another thread's
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

std::size_t ExactCache::Forget(const Purge& which) {
  Room* const room = room_.load(std::memory_order_acquire);
  return room == nullptr
             ? 0
             : room->table.Remove([&](const Entry& entry) { return Matches(entry, which); });
}

ExactCache::Size ExactCache::size() const {
  const Room* const room = room_.load(std::memory_order_acquire);
  if (room == nullptr) {
    return {};
  }
  return {.entries = room->table.entries(),
          .bytes = room->table.bytes(),
          .evictions = room->table.evictions()};
}

}  // namespace signalbox::cache
