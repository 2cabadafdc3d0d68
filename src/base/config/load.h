// Reads a configuration: defaults, then the YAML files, then the profile that was chosen, then the
// environment, then the command line.
//
// Owner:   the caller; the value becomes its shared_ptr<const T> snapshot.
// Threads: any one; blocks for files and for commands that print secrets (5 s each).
// Errors:  all problems at once, in the order of the files. With any problem the value is of no
//          use; warnings are for whoever looks after the machine.
// Cancel:  nothing waits but for the commands.
//
// `${NAME}` and `${NAME:-default}` in a value are taken from the environment, `$${` is a plain
// `${`. `SIGNALBOX_SERVER__LISTEN` overrides server.listen: two underscores between levels, lists
// with commas, empty means not set; an unknown name with two underscores is an error. The rest of
// the language (include, profiles, secrets from files and commands) is in reference_text.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/environment.h"
#include "base/config/files.h"
#include "base/config/outside.h"
#include "base/config/problem.h"
#include "base/config/table.h"

namespace signalbox::config {

inline constexpr std::string_view kProfileVariable = "SIGNALBOX_PROFILE";

// A value from the command line: {"server.listen", "127.0.0.1:0", "--listen"}.
struct Override {
  std::string path;
  std::string value;
  std::string option;
};

// What to read, the same again for a reload.
struct Request {
  std::optional<std::string> file;
  Environment environment;
  std::vector<Override> overrides;
  std::string profile;  // empty: what SIGNALBOX_PROFILE says, else none
  std::string profile_option = "--profile";
};

struct Outcome {
  Sources sources;
  std::vector<Problem> problems;
  std::vector<Problem> warnings;
  LoadedFiles files;
  std::string profile;                // in effect; empty: none
  std::vector<std::string> profiles;  // that the files have, by name

  bool ok() const { return problems.empty(); }
  // Whether what stands at `path` could be read, so that it can be checked further although there
  // are problems elsewhere. A key that the root does not know is elsewhere.
  bool Sound(std::string_view path) const;
  // For checks across sections after loading: the problem is placed where `path` was written.
  void Complain(std::string_view path, std::string message, std::string suggestion = {}) {
    problems.push_back({sources.Find(path), std::string(path) + ": " + std::move(message),
                        std::move(suggestion), false, std::string(path)});
  }
};

template <typename T>
struct Loaded : Outcome {
  T value{};
};

// The erased half: reads into `object`, which `table` describes. `input` is the first
// file; request.file is not looked at.
void LoadInto(const TableData& table, void* object, std::optional<TextInput> input,
              const Request& request, Outside& outside, Outcome& outcome);

// The first file of `request`; a problem when it cannot be read.
std::optional<TextInput> ReadFirst(const Request& request, Outside& outside, Outcome& outcome);

// The file's text, or the problem that it cannot be read. One byte over kMaxFileBytes at most.
std::optional<TextInput> ReadInput(const std::string& path, std::vector<Problem>& problems);

// `input` in place of a file; what it includes is looked for in `outside`.
template <typename T>
Loaded<T> LoadText(const Table<T>& table, std::optional<TextInput> input, const Request& request,
                   Outside& outside = Nowhere()) {
  Loaded<T> out;
  LoadInto(*table.data(), &out.value, std::move(input), request, outside, out);
  return out;
}
template <typename T>
Loaded<T> LoadText(const Table<T>& table, std::optional<TextInput> input,
                   const Environment& environment = {},
                   const std::vector<Override>& overrides = {}) {
  return LoadText(table, std::move(input),
                  Request{.environment = environment, .overrides = overrides});
}

// No file is a valid configuration; a file that was named must be readable.
template <typename T>
Loaded<T> Load(const Table<T>& table, const Request& request, Outside& outside = System()) {
  Loaded<T> out;
  auto input = ReadFirst(request, outside, out);
  LoadInto(*table.data(), &out.value, std::move(input), request, outside, out);
  return out;
}
template <typename T>
Loaded<T> Load(const Table<T>& table, const std::optional<std::string>& file,
               const Environment& environment, const std::vector<Override>& overrides = {}) {
  return Load(table, Request{.file = file, .environment = environment, .overrides = overrides});
}

}  // namespace signalbox::config
