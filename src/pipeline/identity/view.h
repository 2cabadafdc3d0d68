// Keys as one worker sees them: who a token is, from memory alone.
//
// Owner:   the worker; goes before its loop and before the directory. Made by whoever starts it.
// Threads: Find and what it answers belong to the worker's; the directory posts to its loop.
// Errors:  kUnauthenticated: no such key, or it is revoked or has expired. kUnavailable, for a
//          token that is not known while the database cannot be asked: it may be new.
// Cancel:  nothing waits.
// Budget:  0.5 µs with 10 keys, 0.3 of it the hash (figures: README); no lock, and
//          nothing shared that is written (a grant's reference count is this worker's own).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/async/loop.h"
#include "base/core/error.h"
#include "base/core/time.h"
#include "pipeline/identity/directory.h"
#include "pipeline/request/principal.h"

namespace signalbox::identity {

class DirectoryView {
 public:
  DirectoryView(Directory& directory, async::Loop& loop);
  ~DirectoryView();
  DirectoryView(const DirectoryView&) = delete;
  DirectoryView& operator=(const DirectoryView&) = delete;

  // Takes as long for a key that there is not as for one that there is.
  core::Result<request::Principal> Find(std::string_view token, core::WallTime now);

  // Whether anybody is asked for a credential; see IdentityOptions::keys.
  bool asks() const;
  std::size_t size() const;

  // Called in the worker's thread after each change; one listener.
  void OnUpdate(std::function<void(const Update&)> listener);

 private:
  Directory& directory_;
  KeyHasher hasher_;
  std::shared_ptr<ViewTable> table_;
};

}  // namespace signalbox::identity
