// A file that is being written, in the folder of drafts, until it is moved into its place.
//
// Owner:   a Put. Threads: one.
// Errors:  errno; false. A draft that is not moved is removed at its end.
// Cancel:  a kill leaves the draft; RemoveDrafts takes it away later.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/core/time.h"
#include "io/store/files/descriptor.h"

namespace signalbox::files {

inline constexpr std::string_view kDrafts = ".drafts";

class Draft {
 public:
  explicit Draft(const Descriptor& drafts);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();

  bool good() const { return static_cast<bool>(file_); }
  bool Write(std::string_view bytes);
  bool Sync(struct stat& s);
  // In place of what is there, or only when nothing is (EEXIST); synced.
  bool MoveTo(const Descriptor& folder, const std::string& name, bool if_absent);

 private:
  const Descriptor& drafts_;
  std::string name_;
  Descriptor file_;
  bool moved_ = false;
};

// Removes drafts last written before `time`.
void RemoveDrafts(const Descriptor& drafts, core::WallTime time);

}  // namespace signalbox::files
