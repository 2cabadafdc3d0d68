// One page of a listing: walks the folders in the order of keys and stops when the page is full.
//
// Owner:   a List. Threads: one.
// Errors:  errno; Read says false. What vanishes meanwhile is left out.
// Cancel:  nothing to undo.
//
// A folder's entries are read once per page, and of its names only as many as the page still takes
// are kept. In the order of whole keys a folder counts with its slash: `a-b.c` comes before
// `a/b.c`.
#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

#include "io/store/files/descriptor.h"
#include "io/store/objects.h"

namespace signalbox::files {

store::ObjectInfo InfoOf(const store::ObjectKey& key, const struct stat& s);

class Listing {
 public:
  Listing(const Descriptor& root, const store::ListRequest& request);

  bool Read();
  store::ObjectPage Page() &&;

 private:
  // The entries of a folder that the page may take, in order, folders with their slash.
  struct Entries {
    std::vector<std::string> names;
    std::string left_off_after;  // not empty: there are more behind this one
  };

  bool ReadFolder(const Descriptor& folder, const std::string& path);
  bool ReadEntries(const Descriptor& folder, const std::string& path, Entries& out) const;
  void Take(const Descriptor& folder, const std::string& path, const std::string& name);
  bool WantedFolder(std::string_view path) const;
  bool WantedName(const std::string& path) const;
  bool Full() const { return objects_.size() > limit_; }  // with one more, to know that there is
  bool Done() const { return Full() || !left_off_after_.empty(); }

  const Descriptor& root_;
  std::string prefix_;
  std::string after_;
  std::size_t limit_;
  std::vector<store::ObjectInfo> objects_;
  std::string left_off_after_;  // everything up to this key was looked at, and there is more
};

}  // namespace signalbox::files
