// How the last attempt at a reload ended, for `signalbox config reload`, which asks for one by a
// signal and cannot hear the answer otherwise.
//
// Owner: nobody, these are functions. Threads: any; they block for the disk.
// Errors: none; a note that cannot be written is not there. Cancel: a note is whole or the old one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace signalbox::app {

struct ReloadNote {
  bool ok = false;
  std::string text;          // the changes, or the problems
  std::uint64_t number = 0;  // one more for each; set by the writer
};

// The file that it is in.
std::string ReloadNotePath(const std::string& data_directory);
void WriteReloadNote(const std::string& data_directory, const ReloadNote& note);
std::optional<ReloadNote> ReadReloadNote(const std::string& data_directory);

}  // namespace signalbox::app
