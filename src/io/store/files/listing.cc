#include "io/store/files/listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "io/store/files/folder.h"

namespace signalbox::files {
namespace {

using store::ObjectInfo;
using store::ObjectKey;

mode_t TypeOf(const Descriptor& parent, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) {
    return DTTOIF(entry.d_type);
  }
  struct stat s{};
  return fstatat(parent.number(), entry.d_name, &s, AT_SYMLINK_NOFOLLOW) == 0 ? s.st_mode & S_IFMT
                                                                              : 0;
}

// Leaves the `most` smallest names, in no order; says whether there were more.
bool KeepSmallest(std::vector<std::string>& names, std::size_t most) {
  if (names.size() <= most) {
    return false;
  }
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(most);
  std::ranges::nth_element(names, end);
  names.erase(end, names.end());
  return true;
}

}  // namespace

ObjectInfo InfoOf(const ObjectKey& key, const struct stat& s) {
  const auto modified =
      std::chrono::seconds(s.st_mtim.tv_sec) + std::chrono::nanoseconds(s.st_mtim.tv_nsec);
  return {.key = key,
          .size = static_cast<std::uint64_t>(s.st_size),
          .modified = core::WallTime(modified),
          .etag = fmt::format("{:x}-{:x}-{:x}", s.st_ino, modified.count(), s.st_size)};
}

Listing::Listing(const Descriptor& root, const store::ListRequest& request)
    : root_(root),
      prefix_(request.prefix),
      after_(request.after),
      limit_(std::clamp<std::size_t>(request.limit, 1, store::kMostListed)) {}

bool Listing::Read() {
  return ReadFolder(root_, "");
}

store::ObjectPage Listing::Page() && {
  store::ObjectPage page;
  if (Full()) {
    objects_.pop_back();
    left_off_after_ = objects_.back().key.text();
  }
  page.next_after = std::move(left_off_after_);
  page.objects = std::move(objects_);
  return page;
}

bool Listing::ReadFolder(const Descriptor& folder, const std::string& path) {
  Entries entries;
  if (!ReadEntries(folder, path, entries)) {
    return false;
  }
  for (const std::string& name : entries.names) {
    if (!name.ends_with('/')) {
      Take(folder, path, name);
    } else {
      const Descriptor inner(openat(folder.number(), name.substr(0, name.size() - 1).c_str(),
                                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (inner ? !ReadFolder(inner, path + name) : errno != ENOENT) {
        return false;
      }
    }
    if (Done()) {
      return true;
    }
  }
  if (!entries.left_off_after.empty()) {
    left_off_after_ = path + entries.left_off_after;
  }
  return true;
}

bool Listing::ReadEntries(const Descriptor& folder, const std::string& path, Entries& out) const {
  const std::size_t most = limit_ + 1 - objects_.size();
  std::vector<std::string> folders;
  bool left_off = false;
  const Folder reading(folder);
  while (const dirent* const entry = reading.Next()) {
    const std::string name = entry->d_name;
    const mode_t type = name.starts_with('.') ? 0 : TypeOf(folder, *entry);  // no key's: drafts
    if (S_ISDIR(type) && WantedFolder(path + name + "/")) {
      folders.push_back(name + "/");
    } else if (S_ISREG(type) && WantedName(path + name)) {
      out.names.push_back(name);
      left_off |= out.names.size() >= 2 * most && KeepSmallest(out.names, most);
    }
  }
  if (errno != 0) {
    return false;
  }
  left_off |= KeepSmallest(out.names, most);
  std::ranges::sort(out.names);
  if (left_off) {
    out.left_off_after = out.names.back();
    std::erase_if(folders, [&](const std::string& name) { return name > out.left_off_after; });
  }
  out.names.insert(out.names.end(), folders.begin(), folders.end());
  std::ranges::sort(out.names);
  return true;
}

void Listing::Take(const Descriptor& folder, const std::string& path, const std::string& name) {
  const auto key = ObjectKey::Parse(path + name);
  struct stat s{};
  if (key && fstatat(folder.number(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0) {
    objects_.push_back(InfoOf(*key, s));
  }
}

// Whether a key below it can begin with the prefix and come after the last one.
bool Listing::WantedFolder(std::string_view path) const {
  const std::size_t common = std::min(path.size(), prefix_.size());
  const std::size_t behind = std::min(path.size(), after_.size());
  return path.substr(0, common) == std::string_view(prefix_).substr(0, common) &&
         path.substr(0, behind) >= std::string_view(after_).substr(0, behind);
}

bool Listing::WantedName(const std::string& path) const {
  return path.starts_with(prefix_) && path > after_ && ObjectKey::Parse(path).has_value();
}

}  // namespace signalbox::files
