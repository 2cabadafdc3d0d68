// What is wrong with a configuration and where, and where each of its values came from.
//
// Owner: whoever holds the load's result. Threads: plain data.
// Errors: this is how they look. No problem ever repeats a configured value: it may be a secret.
// Cancel: nothing waits.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::config {

// Where a value was written. Lines and columns count from 1, columns in characters.
struct Source {
  enum class Kind { kDefault, kFile, kEnvironment, kCommandLine };
  Kind kind = Kind::kDefault;
  std::string name = {};  // file as the caller named it, variable, or command line option
  int line = 0;
  int column = 0;
  // In a file: where the value is from in turn: the first ${VARIABLE} that it took, "file PATH" or
  // "command PROGRAM".
  std::string variable = {};
  std::string profile = {};  // that the value was written in

  // "signalbox.yaml:3", "signalbox.yaml:3 (OPENAI_API_KEY)", "signalbox.yaml:9 (profile dev)",
  // "SIGNALBOX_DATA", "--listen", "default"
  std::string Text() const;
};

struct Problem {
  Source source;
  std::string message;
  std::string suggestion = {};  // a key or word that would have been right
  bool fatal = false;           // the file could not be read to its end
  // The option or section that is not as it should be, "" the root; unset: not known.
  std::optional<std::string> path = {};

  // `signalbox.yaml:3:5: unknown key "lisen" in server; did you mean "listen"?`
  std::string Text() const;
};

// One problem a line.
std::string Text(const std::vector<Problem>& problems);

// The source of every value that is not a default, by path: "server.listen",
// "providers.edge.base_url", "models.fast.targets[0]", `models["gpt-4.1"]`.
class Sources {
 public:
  void Set(std::string path, Source source) { by_path_[std::move(path)] = std::move(source); }
  // The source of `path`, else of what it is in, else kDefault.
  Source Find(std::string_view path) const;
  const std::map<std::string, Source, std::less<>>& all() const { return by_path_; }

 private:
  std::map<std::string, Source, std::less<>> by_path_;
};

// "server" + "listen" = "server.listen"; a name that is not a plain word is put in ["…"].
std::string Join(std::string_view path, std::string_view key);

// The candidate nearest to `word` by edit distance (swaps count one; case, - and _ do not count),
// or nothing when none is near enough to be meant.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace signalbox::config
