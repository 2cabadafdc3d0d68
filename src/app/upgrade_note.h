// How the last attempt at an upgrade ended, for `signalbox upgrade`, which asks for one by a signal
// and cannot hear the answer otherwise.
//
// Owner: nobody, these are functions. Threads: any; they block for the disk.
// Errors: none; a note that cannot be written is not there. Cancel: a note is whole or the old one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace signalbox::app {

struct UpgradeNote {
  bool ok = false;
  std::string reason;        // why not
  std::string from_version;  // of the process that was asked
  std::string to_version;    // of the one that serves now; empty when it is not known
  int pid = 0;               // of the one that serves now
  std::uint64_t number = 0;  // one more for each; set by the writer
};

// The file that it is in.
std::string UpgradeNotePath(const std::string& data_directory);
void WriteUpgradeNote(const std::string& data_directory, const UpgradeNote& note);
std::optional<UpgradeNote> ReadUpgradeNote(const std::string& data_directory);

}  // namespace signalbox::app
