#include "base/config/watcher.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace signalbox::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE |
                                  IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr int kMaxLinks = 40;
constexpr int kMaxQuiets = 3;  // a file that is written without end is read all the same

fs::path FolderOf(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

}  // namespace

bool Watcher::State::operator==(const State& other) const {
  const auto same_stamp = [](const ReadStamp& a, const ReadStamp& b) {
    return a.path == b.path && a.stamp == b.stamp;
  };
  const auto same_pattern = [](const ReadPattern& a, const ReadPattern& b) {
    return a.pattern == b.pattern && a.matches == b.matches;
  };
  return std::ranges::equal(stamps, other.stamps, same_stamp) &&
         std::ranges::equal(patterns, other.patterns, same_pattern);
}

Watcher::Watcher(WatchOptions options, Outside& outside) : options_(options), outside_(outside) {
  if (options_.inotify) {
    descriptor_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  }
}

Watcher::~Watcher() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

void Watcher::Watch(const LoadedFiles& files) {
  known_ = {files.stamps, files.patterns};
  first_seen_ = core::kNever;
  next_look_ = core::MonoTime::min();  // it may have changed since it was read
  WatchFolders();
}

// Every folder that a path goes through by a link: Kubernetes switches a link to a whole folder.
void Watcher::WatchPath(const std::string& path, std::set<std::string>& folders) const {
  fs::path at = path;
  for (int links = 0; links < kMaxLinks; ++links) {
    std::error_code error;
    const fs::path folder = FolderOf(at);
    folders.insert(folder);
    fs::path through;
    for (const fs::path& part : at) {
      through /= part;
      if (fs::is_symlink(through, error)) {
        folders.insert(FolderOf(through));
      }
    }
    const fs::path target = fs::read_symlink(at, error);
    if (error) {
      return;
    }
    at = target.is_absolute() ? target : folder / target;
  }
}

void Watcher::WatchFolders() {
  for (const int folder : folders_) {
    inotify_rm_watch(descriptor_, folder);
  }
  folders_.clear();
  if (descriptor_ < 0) {
    return;
  }
  std::set<std::string> folders;
  for (const ReadStamp& file : known_.stamps) {
    WatchPath(file.path, folders);
  }
  for (const ReadPattern& pattern : known_.patterns) {
    WatchPath(pattern.pattern, folders);
  }
  for (const std::string& folder : folders) {
    if (const int number = inotify_add_watch(descriptor_, folder.c_str(), kEvents); number >= 0) {
      folders_.push_back(number);
    }
  }
}

std::chrono::milliseconds Watcher::Wait(core::MonoTime now) const {
  if (next_look_ <= now) {
    return std::chrono::milliseconds(0);
  }
  return std::min(options_.poll, std::chrono::ceil<std::chrono::milliseconds>(next_look_ - now));
}

bool Watcher::Drain() const {
  alignas(inotify_event) char buffer[4096];
  bool any = false;
  while (descriptor_ >= 0 && read(descriptor_, buffer, sizeof buffer) > 0) {
    any = true;
  }
  return any;
}

Watcher::State Watcher::Look() const {
  State out;
  for (const ReadStamp& file : known_.stamps) {
    out.stamps.push_back({file.path, outside_.Stamp(file.path)});
  }
  for (const ReadPattern& pattern : known_.patterns) {
    out.patterns.push_back({pattern.pattern, outside_.Match(pattern.pattern)});
  }
  return out;
}

bool Watcher::Changed(core::MonoTime now) {
  if (!listening_ && now < next_look_) {
    return false;
  }
  const bool events = Drain();
  if (!events && now < next_look_) {
    return false;
  }
  State state = Look();
  const bool same = state == known_;
  listening_ = same && !events;
  next_look_ = now + (listening_ ? options_.poll : options_.quiet);
  if (same) {
    first_seen_ = core::kNever;
    return false;
  }
  const bool settled = first_seen_ != core::kNever && state == seen_ && !events;
  if (first_seen_ == core::kNever) {
    first_seen_ = now;
  }
  seen_ = std::move(state);
  if (!settled && now - first_seen_ < kMaxQuiets * options_.quiet) {
    return false;
  }
  known_ = seen_;
  first_seen_ = core::kNever;
  WatchFolders();  // links may lead elsewhere now
  return true;
}

}  // namespace signalbox::config
