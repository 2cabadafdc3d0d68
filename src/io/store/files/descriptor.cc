#include "io/store/files/descriptor.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <string_view>

namespace signalbox::files {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

int Openat2(int folder, const char* path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(syscall(SYS_openat2, folder, path, &how, sizeof how));
}

// "." and "..", which no key has, lead nowhere.
bool IsStep(std::string_view step) {
  return !step.empty() && step != "." && step != "..";
}

Descriptor Failed(int error) {
  errno = error;
  return {};
}

}  // namespace

Descriptor OpenBeneath(const Descriptor& folder, const std::string& path, int flags) {
  Descriptor opened(Openat2(folder.number(), path.c_str(), flags | O_CLOEXEC));
  if (!opened && (errno == ENOSYS || errno == EPERM)) {  // an old kernel, a container's filter
    return WalkBeneath(folder, path, flags);
  }
  return opened;
}

Descriptor WalkBeneath(const Descriptor& folder, const std::string& path, int flags) {
  Descriptor last;
  std::string_view rest = path;
  int at = folder.number();
  for (auto slash = rest.find('/'); slash != rest.npos; slash = rest.find('/')) {
    const std::string step(rest.substr(0, slash));
    if (!IsStep(step)) {
      return Failed(EXDEV);
    }
    Descriptor next(openat(at, step.c_str(), kFolder | O_NOFOLLOW));
    if (!next) {
      return Failed(errno == ENOTDIR ? ELOOP : errno);
    }
    last = std::move(next);
    at = last.number();
    rest.remove_prefix(slash + 1);
  }
  if (!IsStep(rest)) {
    return Failed(EXDEV);
  }
  return Descriptor(openat(at, std::string(rest).c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
}

Descriptor MakeFolders(const Descriptor& root, const std::string& path) {
  Descriptor there = OpenBeneath(root, path, kFolder);
  if (there || errno != ENOENT) {
    return there;
  }
  Descriptor above;
  int at = root.number();
  std::string_view rest = path;
  while (true) {
    const std::string step(rest.substr(0, rest.find('/')));
    if (mkdirat(at, step.c_str(), 0700) == 0 && fsync(at) != 0) {
      return {};
    }
    Descriptor next(openat(at, step.c_str(), kFolder | O_NOFOLLOW));
    if (!next || step.size() == rest.size()) {
      return next;
    }
    above = std::move(next);
    at = above.number();
    rest.remove_prefix(step.size() + 1);
  }
}

}  // namespace signalbox::files
