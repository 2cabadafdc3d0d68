// Brings a version of history back: its files are written as they were.
//
// Owner:   a command, or the management API. Threads: one; blocks for the disk and for secrets'
//          commands.
// Errors:  a sentence that says why it cannot be, and then nothing has been written; a version that
//          is wrong by now (a variable that is gone) comes back with its problems, unwritten too.
// Cancel:  nothing to undo.
#pragma once

#include <functional>
#include <memory>

#include "base/config/history.h"

namespace signalbox::config {

// The texts of version `id`, with the secrets of the present files where they were literal. Refused
// when one of them stands in no present file.
core::Result<std::vector<TextInput>> RestoredTexts(const TableData& table, const Version& version,
                                                   const LoadedFiles& present);

// The outside with `texts` in place of the files of their paths.
std::unique_ptr<Outside> WithTexts(std::vector<TextInput> texts);

// Checks that exactly the version's files were read, then writes them: all or, as far as the disk
// allows, none.
core::Status WriteTexts(const std::vector<TextInput>& texts, const LoadedFiles& read,
                        std::uint64_t id);

// `present` is what the files say now, `request` what it was loaded with. It becomes a version
// first if it is none yet, unless it is wrong. `check` may object to what comes back, for example
// to a key that would go to another host. What is returned with problems is not written.
template <typename T>
core::Result<Loaded<T>> Restore(const Table<T>& table, const History& history, std::uint64_t id,
                                const Loaded<T>& present, Request request, core::WallTime now,
                                const std::function<void(Loaded<T>&)>& check = {}) {
  SB_TRY(const Version version, history.Get(id));
  SB_TRY(const auto texts, RestoredTexts(*table.data(), version, present.files));
  request.file = texts.front().name;
  const auto outside = WithTexts(texts);
  Loaded<T> loaded = Load(table, request, *outside);
  if (check && loaded.ok()) {
    check(loaded);
  }
  if (!loaded.ok()) {
    return loaded;
  }
  if (present.ok()) {
    SB_TRY([[maybe_unused]] const auto kept,
           history.Record(table, present, "before a restore", now));
  }
  SB_CHECK_OK(WriteTexts(texts, loaded.files, id));
  SB_TRY([[maybe_unused]] const auto now_kept,
         history.Record(table, loaded, "restore of version " + std::to_string(id), now));
  return loaded;
}

}  // namespace signalbox::config
