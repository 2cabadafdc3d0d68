// A key as the hot path knows it.
//
// Owner:   shared by the directory and all views. Threads: any; read only once made.
// Errors:  none. Cancel: nothing to undo.
#pragma once

#include <cstring>
#include <memory>
#include <optional>

#include "pipeline/identity/key_hash.h"
#include "pipeline/identity/nouns.h"

namespace signalbox::identity {

struct Entry {
  KeyId id;
  KeyHash hash{};
  KeyHash old_hash{};
  core::WallTime old_until = core::WallTime::min();  // of old_hash; min: there is none
  std::shared_ptr<const request::Grant> grant;
};
// The last eight bytes of an id are random.
struct IdHash {
  template <typename Id>
  std::size_t operator()(const Id& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.uuid.bytes.data() + 8, sizeof(hash));
    return hash;
  }
};

using EntryPtr = std::shared_ptr<const Entry>;

}  // namespace signalbox::identity
