// One worker's table of keys, and what may be done to it by message.
//
// Owner:   a DirectoryView and the messages on their way to it.
// Threads: the worker's. Errors: none. Cancel: a message that is never run changes nothing.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "pipeline/identity/entry.h"

namespace signalbox::identity {

// What a view is told: a part of the directory, or all of it.
struct Update {
  bool whole = false;  // forget the rest
  std::vector<EntryPtr> put;
  std::vector<KeyId> gone;
  std::vector<UserId> users;      // that changed: what is remembered of their tokens is forgotten
  std::vector<TenantId> tenants;  // likewise
  bool asks = false;              // for credentials
  bool stale = false;             // the database cannot be asked

  bool empty() const {
    return !whole && put.empty() && gone.empty() && users.empty() && tenants.empty();
  }
};

// When a key was last used by one worker.
struct Use {
  KeyId id;
  core::WallTime at;
};

class ViewTable {
 public:
  struct Known {
    EntryPtr entry;
    // What is handed out: counts references in this worker's own memory. Made at the first use.
    std::shared_ptr<const request::Grant> grant;
    core::WallTime used{};  // since the last TakeUses; zero: not
  };

  void Apply(const Update& update);
  Known* Find(const KeyId& id);
  void NoteUse(Known& known, core::WallTime now);
  std::vector<Use> TakeUses();
  // Called in the worker's thread after each update.
  void OnUpdate(std::function<void(const Update&)> listener) { listener_ = std::move(listener); }

  bool asks() const { return asks_; }
  bool stale() const { return stale_; }
  std::size_t size() const { return keys_.size(); }

 private:
  std::unordered_map<KeyId, Known, IdHash> keys_;
  std::vector<KeyId> used_;
  std::function<void(const Update&)> listener_;
  bool asks_ = false;
  bool stale_ = false;
};

}  // namespace signalbox::identity
