// What configuration takes from outside of itself: files and the output of commands.
//
// Owner:   the caller. Threads: System() any; it keeps nothing.
// Errors:  a sentence that repeats neither the contents nor the path.
// Cancel:  a command ends after kMaxCommandTime; a regular file is read whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "base/config/environment.h"

namespace signalbox::config {

inline constexpr std::size_t kMaxFileBytes = 1 << 20;     // of a configuration, all files together
inline constexpr std::size_t kMaxSecretBytes = 64 << 10;  // of a secret's file or command
inline constexpr std::chrono::seconds kMaxCommandTime{5};

// Which state of a file was read: equal stamps, equal contents. All zero: there is no such file.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct FileText {
  std::string text;
  FileStamp stamp;
  bool world_readable = false;
};

class Outside {
 public:
  using Text = std::expected<std::string, std::string>;

  virtual ~Outside() = default;
  // At most `limit` + 1 bytes, so that the caller sees when there are more. A secret's file must be
  // a regular one.
  virtual std::expected<FileText, std::string> Read(const std::string& path, std::size_t limit,
                                                    bool secret) = 0;
  virtual FileStamp Stamp(const std::string& path) = 0;
  // The files that a pattern with * ? [ ] names, in the order of their names.
  virtual std::vector<std::string> Match(const std::string& pattern) = 0;
  // One name per file, links resolved, to see that two paths are the same.
  virtual std::string Canonical(const std::string& path) = 0;
  // What the program prints on standard output, at most kMaxSecretBytes. Its standard error goes
  // nowhere: it may hold the secret.
  virtual Text Run(const std::vector<std::string>& arguments, const Environment& environment) = 0;
};

// The files and programs of this machine.
Outside& System();
// Has none: for texts that come from nowhere in particular.
Outside& Nowhere();

}  // namespace signalbox::config
