// What changed from one configuration to the next.
//
// Owner:   the caller. Threads: pure functions; plain data. Errors: none.
// Secrets: never shown; a change of one says <changed>.
// Cancel:  nothing waits.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config/table.h"

namespace signalbox::config {

struct Change {
  std::string path;                   // "server.drain", "models.fast.targets[1]", "providers.edge"
  std::optional<std::string> before;  // nullopt: not set, or the entry or item did not exist
  std::optional<std::string> after;   // nullopt: not set any more, or removed
  bool reloadable = false;            // taken over while running; else by a restart
  bool entry = false;                 // a whole entry came or went; its values follow it

  // "server.drain: 30s -> 1m", "providers.edge: added", with " (needs a restart)" where it does
  std::string Text() const;
};

using Changes = std::vector<Change>;

// In the order of the table. What an added entry sets beyond its defaults follows it; of a removed
// one only its name is told.
Changes DiffObjects(const TableData& table, const void* before, const void* after);

template <typename T>
Changes Diff(const Table<T>& table, const T& before, const T& after) {
  return DiffObjects(*table.data(), &before, &after);
}

// Whether any of them needs a restart.
bool NeedsRestart(const Changes& changes);

// One change a line.
std::string Text(const Changes& changes);
// [{"path":…,"before":…,"after":…,"reload":true}]
std::string Json(const Changes& changes);

// The option's value as text, a secret as <set>; nullopt when it is not set.
std::optional<std::string> TextOf(const Row& row, const void* object);
// The items of a list; none when it is not set.
const std::vector<std::string>& ItemsOf(const Row& row, const void* object);

// Every value that is set, by path, list items apart, secrets as <set>: what history keeps.
using Values = std::map<std::string, std::string>;
Values FlattenObject(const TableData& table, const void* object);

template <typename T>
Values Flatten(const Table<T>& table, const T& value) {
  return FlattenObject(*table.data(), &value);
}

// Changes between two such maps; `table` says which are reloadable.
Changes DiffValues(const TableData& table, const Values& before, const Values& after);

}  // namespace signalbox::config
