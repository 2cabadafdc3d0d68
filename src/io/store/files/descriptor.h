// Files and folders below a folder that is open, and nowhere else.
//
// Owner:   a Descriptor owns its number.
// Threads: any; plain system calls.
// Errors:  errno, as the calls of the system do: a negative Descriptor or a number. ELOOP or EXDEV:
//          the path led through a link or out of the folder.
// Cancel:  nothing to undo.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace signalbox::files {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) {
      close(number_);
    }
  }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// Opens `path`, relative to `folder`, without leaving it and through no link. The kernel does it in
// one call; where it has no openat2, WalkBeneath does the same.
Descriptor OpenBeneath(const Descriptor& folder, const std::string& path, int flags);
Descriptor WalkBeneath(const Descriptor& folder, const std::string& path, int flags);

// Opens the folder `path`, making it and those above it as needed, each synced into the one above.
Descriptor MakeFolders(const Descriptor& root, const std::string& path);

}  // namespace signalbox::files
