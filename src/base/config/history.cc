#include "base/config/history.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <memory>

#include "base/config/atomic_file.h"
#include "base/config/mask.h"

namespace signalbox::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".json";
// A version is the files' texts as JSON, and the values.
constexpr std::size_t kMaxVersionBytes = 16 << 20;
constexpr int kMaxRaces = 100;  // other processes that take the same number

Version MakeVersion(const TableData& table, const void* object, const Outcome& outcome) {
  Version version;
  version.profile = outcome.profile;
  version.values = FlattenObject(table, object);
  for (const TextInput& file : outcome.files.texts) {
    std::error_code error;
    const auto path = fs::absolute(file.name, error).lexically_normal().string();
    version.files.push_back({error ? file.name : path,
                             TakeSecretsOut(table, file.text).value_or(std::string(kTextNotKept))});
  }
  return version;
}

bool IsSame(const Version& a, const Version& b) {
  const auto same_file = [](const TextInput& x, const TextInput& y) {
    return x.name == y.name && x.text == y.text;
  };
  return a.profile == b.profile && a.values == b.values &&
         std::ranges::equal(a.files, b.files, same_file);
}

}  // namespace

core::Result<std::uint64_t> History::Record(const TableData& table, const void* object,
                                            const Outcome& outcome, const std::string& who,
                                            core::WallTime now) const {
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
    return core::Fail(core::ErrorCode::kUnavailable, folder_ + ": " + core::ErrnoMessage(errno));
  }
  Version version = MakeVersion(table, object, outcome);
  const auto ids = Ids();
  if (!ids.empty()) {
    const auto last = Get(ids.back());
    if (last && IsSame(*last, version)) {
      return ids.back();
    }
  }
  version.id = ids.empty() ? 1 : ids.back() + 1;
  version.time = core::Iso8601(now);
  version.who = who;
  for (int race = 0; race < kMaxRaces; ++race, ++version.id) {
    SB_TRY(const bool created, CreateFile(PathOf(version.id), Json(version)));
    if (created) {
      Prune();
      return version.id;
    }
  }
  return core::Fail(core::ErrorCode::kConflict, folder_ + ": too many others write versions");
}

std::vector<Version> History::List() const {
  std::vector<Version> out;
  for (const std::uint64_t id : Ids()) {
    if (auto version = Get(id)) {
      out.push_back(*std::move(version));
    }
  }
  return out;
}

core::Result<Version> History::Get(std::uint64_t id) const {
  const auto file = System().Read(PathOf(id), kMaxVersionBytes, /*secret=*/true);
  if (!file) {
    const auto ids = Ids();
    const std::string known =
        ids.empty() ? "none is kept" : fmt::format("kept are {} to {}", ids.front(), ids.back());
    return core::Fail(core::ErrorCode::kNotFound,
                      fmt::format("version {} is not in {}; {}", id, folder_, known));
  }
  auto version = ParseVersion(file->text);
  if (!version) {
    return std::unexpected(std::move(version).error().At(PathOf(id)));
  }
  version->id = id;
  return version;
}

core::Result<Changes> History::Diff(const TableData& table, std::uint64_t from,
                                    std::uint64_t to) const {
  SB_TRY(const Version before, Get(from));
  SB_TRY(const Version after, Get(to));
  return DiffValues(table, before.values, after.values);
}

std::vector<std::uint64_t> History::Ids() const {
  std::vector<std::uint64_t> out;
  // Not by the standard library's iterator, which ends the process when there is no memory for it.
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(folder_.c_str()), closedir);
  while (const dirent* entry = folder != nullptr ? readdir(folder.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    std::uint64_t id = 0;
    const auto [stop, bad] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (bad == std::errc{} && std::string_view(stop) == kEnding) {
      out.push_back(id);
    }
  }
  std::ranges::sort(out);
  return out;
}

std::string History::PathOf(std::uint64_t id) const {
  return fmt::format("{}/{:06}{}", folder_, id, kEnding);
}

void History::Prune() const {
  const auto ids = Ids();
  for (std::size_t i = 0; i + kMaxVersions < ids.size(); ++i) {
    std::error_code error;
    fs::remove(PathOf(ids[i]), error);
  }
}

}  // namespace signalbox::config
