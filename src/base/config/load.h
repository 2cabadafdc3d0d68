// Reads a configuration: defaults, then the YAML file, then the environment, then the command line.
//
// Owner:   the caller; the value becomes its shared_ptr<const T> snapshot.
// Threads: any one; reads at most one file.
// Errors:  all problems at once, in the order of the file. With any problem the value is of no use.
// Cancel:  nothing waits; a file is read whole (at most 1 MiB).
//
// `${NAME}` and `${NAME:-default}` in a value are taken from the environment, `$${` is a plain
// `${`. `SIGNALBOX_SERVER__LISTEN` overrides server.listen: two underscores between levels, lists
// with commas, empty means not set; an unknown name with two underscores is an error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/environment.h"
#include "base/config/problem.h"
#include "base/config/table.h"

namespace signalbox::config {

inline constexpr std::size_t kMaxFileBytes = 1 << 20;

// A value from the command line: {"server.listen", "127.0.0.1:0", "--listen"}.
struct Override {
  std::string path;
  std::string value;
  std::string option;
};

template <typename T>
struct Loaded {
  T value{};
  Sources sources;
  std::vector<Problem> problems;

  bool ok() const { return problems.empty(); }
  // For checks across sections after loading: the problem is placed where `path` was written.
  void Complain(std::string_view path, std::string message, std::string suggestion = {}) {
    problems.push_back(
        {sources.Find(path), std::string(path) + ": " + std::move(message), std::move(suggestion)});
  }
};

// The erased half: reads into `object`, which `table` describes.
struct TextInput {
  std::string name;  // as it appears in problems
  std::string text;
};
void LoadInto(const TableData& table, void* object, const std::optional<TextInput>& input,
              const Environment& environment, const std::vector<Override>& overrides,
              Sources& sources, std::vector<Problem>& problems);

// The file's text, or the problem that it cannot be read or is over kMaxFileBytes.
std::optional<TextInput> ReadInput(const std::string& path, std::vector<Problem>& problems);

// `text` in place of a file called `name`.
template <typename T>
Loaded<T> LoadText(const Table<T>& table, std::optional<TextInput> input,
                   const Environment& environment = {},
                   const std::vector<Override>& overrides = {}) {
  Loaded<T> out;
  LoadInto(*table.data(), &out.value, input, environment, overrides, out.sources, out.problems);
  return out;
}

// No file is a valid configuration; a file that was named must be readable.
template <typename T>
Loaded<T> Load(const Table<T>& table, const std::optional<std::string>& file,
               const Environment& environment, const std::vector<Override>& overrides = {}) {
  Loaded<T> out;
  std::optional<TextInput> input;
  if (file) {
    input = ReadInput(*file, out.problems);
  }
  LoadInto(*table.data(), &out.value, input, environment, overrides, out.sources, out.problems);
  return out;
}

}  // namespace signalbox::config
