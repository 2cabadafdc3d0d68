// Reads a configuration's file and what it includes into trees.
//
// Owner: LoadInto, for one call. Threads: one. Cancel: nothing waits.
// Errors: appended as problems at the line that includes; what can be read is read all the same.
//
// `include: PATH` or a list of them stands at the top of a file. A relative path is relative to the
// file that says so; * ? [ ] name any number of files, none too. No file twice, no circles, at most
// kMaxIncludeDepth deep and kMaxFiles in all.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/config/environment.h"
#include "base/config/files.h"
#include "base/config/problem.h"
#include "base/config/yaml.h"

namespace signalbox::config {

inline constexpr std::string_view kIncludeKey = "include";
inline constexpr std::size_t kMaxIncludeDepth = 8;
inline constexpr std::size_t kMaxFiles = 64;

struct ConfigDocument {
  std::string name;
  YamlPointer tree;  // null when it is no YAML
};

class IncludeReader {
 public:
  IncludeReader(const Environment& environment, Outside& outside, LoadedFiles& files,
                std::vector<Problem>& problems)
      : environment_(environment), outside_(outside), files_(files), problems_(problems) {}

  std::vector<ConfigDocument> Read(TextInput first);

 private:
  struct Item {
    std::string path;
    YamlPlace place;
    std::string shown;  // in problems: as it was written when it has a variable
  };

  void Add(TextInput input);
  void Includes(const std::string& name, const YamlNode& tree);
  void Name(const std::string& name, const YamlNode& item);
  void Open(const std::string& name, const Item& item);
  void Complain(const std::string& name, YamlPlace place, std::string message,
                std::string suggestion = {});
  bool IsAllowed(const std::string& name, const Item& item, const std::string& canonical);

  const Environment& environment_;
  Outside& outside_;
  LoadedFiles& files_;
  std::vector<Problem>& problems_;
  std::vector<ConfigDocument> documents_;
  std::vector<std::pair<std::string, std::string>> chain_;         // name, canonical
  std::map<std::string, std::string, std::less<>> included_from_;  // canonical -> "a.yaml:3"
  std::size_t bytes_ = 0;
  bool full_ = false;
};

// `path` as it stands in the file `name`: "/etc/a.yaml" + "b.yaml" = "/etc/b.yaml".
std::string RelativeTo(const std::string& name, const std::string& path);

}  // namespace signalbox::config
