#include "pipeline/identity/view_table.h"

#include <utility>

namespace signalbox::identity {

// What is taken away comes first and needs no memory: it is done even where there is none.
void ViewTable::Apply(const Update& update) {
  asks_ = update.asks;
  stale_ = update.stale;
  if (update.whole) {
    keys_.clear();
    used_.clear();
    keys_.reserve(update.put.size());
  }
  for (const KeyId& id : update.gone) {
    keys_.erase(id);
  }
  for (const EntryPtr& entry : update.put) {
    keys_.insert_or_assign(entry->id, Known{.entry = entry, .grant = nullptr});
  }
  if (listener_) {
    listener_(update);
  }
}

ViewTable::Known* ViewTable::Find(const KeyId& id) {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

void ViewTable::NoteUse(Known& known, core::WallTime now) {
  if (known.used == core::WallTime{}) {
    used_.push_back(known.entry->id);
  }
  known.used = now;
}

std::vector<Use> ViewTable::TakeUses() {
  std::vector<Use> uses;
  uses.reserve(used_.size());
  for (const KeyId& id : used_) {
    if (Known* known = Find(id); known != nullptr && known->used != core::WallTime{}) {
      uses.push_back({.id = id, .at = std::exchange(known->used, core::WallTime{})});
    }
  }
  used_.clear();
  return uses;
}

}  // namespace signalbox::identity
