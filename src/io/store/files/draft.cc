#include "io/store/files/draft.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>

#include "base/core/random.h"
#include "io/store/files/folder.h"

namespace signalbox::files {
namespace {

std::string NewName() {
  std::array<std::uint64_t, 2> random{};
  core::Entropy(std::as_writable_bytes(std::span(random)));
  return fmt::format("{:016x}{:016x}", random[0], random[1]);
}

}  // namespace

Draft::Draft(const Descriptor& drafts)
    : drafts_(drafts),
      name_(NewName()),
      file_(openat(drafts.number(), name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
}

Draft::~Draft() {
  if (file_ && !moved_) {
    unlinkat(drafts_.number(), name_.c_str(), 0);
  }
}

bool Draft::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(file_.number(), bytes.data(), bytes.size());
    if (put < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
  }
  return true;
}

bool Draft::Sync(struct stat& s) {
  return fsync(file_.number()) == 0 && fstat(file_.number(), &s) == 0;
}

bool Draft::MoveTo(const Descriptor& folder, const std::string& name, bool if_absent) {
  // By a second name rather than RENAME_NOREPLACE, which not every file system knows.
  const int moved = if_absent
                        ? linkat(drafts_.number(), name_.c_str(), folder.number(), name.c_str(), 0)
                        : renameat(drafts_.number(), name_.c_str(), folder.number(), name.c_str());
  moved_ = moved == 0 && !if_absent;
  return moved == 0 && fsync(folder.number()) == 0;
}

void RemoveDrafts(const Descriptor& drafts, core::WallTime time) {
  const Folder folder(drafts);
  while (const dirent* const entry = folder.Next()) {
    struct stat s{};
    if (fstatat(drafts.number(), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(s.st_mode) && std::chrono::seconds(s.st_mtim.tv_sec) < time.time_since_epoch()) {
      unlinkat(drafts.number(), entry->d_name, 0);
    }
  }
}

}  // namespace signalbox::files
