// The configurations that took effect, kept in DIR/config-history: one file each, the last 50.
//
// Owner:   app/, or a command. Threads: any; also several processes at once.
// Errors:  kUnavailable when the disk does not take a version (a reason to warn, never to stop),
//          kNotFound for a version that is not there.
// Secrets: only references are kept (${NAME}, file, command). A secret that was written in the file
//          is kept as <kept secret>; a restore puts the one of the present file in its place.
// Cancel:  nothing waits but for the disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/config/diff.h"
#include "base/config/load.h"
#include "base/core/error.h"
#include "base/core/time.h"

namespace signalbox::config {

inline constexpr std::size_t kMaxVersions = 50;
// In place of a file's text that has a secret which cannot be told from the rest.
inline constexpr std::string_view kTextNotKept =
    "# Not kept: it has a secret that cannot be told from the rest of the text.\n";

struct Version {
  std::uint64_t id = 0;
  std::string time;              // 2026-11-21T09:30:00.123Z
  std::string who;               // "start", "reload (SIGHUP)", "restore of version 3"
  std::string profile;           // empty: none
  std::vector<TextInput> files;  // absolute paths, in the order read; secrets taken out
  Values values;                 // in effect, the environment's too; secrets as <set>
};

class History {
 public:
  explicit History(const std::string& data) : folder_(data + "/config-history") {}

  // Keeps what took effect; nothing new when the last version is the same. Its number.
  core::Result<std::uint64_t> Record(const TableData& table, const void* object,
                                     const Outcome& outcome, const std::string& who,
                                     core::WallTime now) const;
  template <typename T>
  core::Result<std::uint64_t> Record(const Table<T>& table, const Loaded<T>& loaded,
                                     const std::string& who, core::WallTime now) const {
    return Record(*table.data(), &loaded.value, loaded, who, now);
  }

  // Oldest first. A file that is no version is left out.
  std::vector<Version> List() const;
  core::Result<Version> Get(std::uint64_t id) const;
  // What changed from version `from` to version `to`.
  core::Result<Changes> Diff(const TableData& table, std::uint64_t from, std::uint64_t to) const;

  const std::string& folder() const { return folder_; }

 private:
  std::vector<std::uint64_t> Ids() const;  // ascending
  std::string PathOf(std::uint64_t id) const;
  void Prune() const;

  std::string folder_;
};

// One line: "12  2026-11-21T09:30:00.123Z  reload (SIGHUP)  signalbox.yaml +2 files".
std::string Line(const Version& version);
// {"id":12,"time":…,"who":…,"profile":…,"files":[{"path":…,"text":…}],"values":{…}}
std::string Json(const Version& version);
core::Result<Version> ParseVersion(std::string_view json);

}  // namespace signalbox::config
