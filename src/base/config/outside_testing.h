// An outside that is written down: files and what commands print.
#pragma once

#include <fnmatch.h>

#include <map>
#include <string>

#include "base/config/include.h"
#include "base/config/outside.h"

namespace signalbox::config::sample {

class Pretend final : public Outside {
 public:
  std::map<std::string, std::string> files;     // by path
  std::map<std::string, std::string> commands;  // by arguments, with spaces between; else they fail
  bool world_readable = false;
  int runs = 0;

  std::expected<FileText, std::string> Read(const std::string& path, std::size_t limit,
                                            bool) override {
    const auto found = files.find(path);
    if (found == files.end()) {
      return std::unexpected("cannot be opened: No such file or directory");
    }
    return FileText{.text = found->second.substr(0, limit + 1),
                    .stamp = Stamp(path),
                    .world_readable = world_readable};
  }
  FileStamp Stamp(const std::string& path) override {
    const auto found = files.find(path);
    return found == files.end() ? FileStamp{}
                                : FileStamp{.inode = 1,
                                            .size = static_cast<std::int64_t>(
                                                std::hash<std::string>()(found->second) >> 1)};
  }
  std::vector<std::string> Match(const std::string& pattern) override {
    std::vector<std::string> out;
    for (const auto& [path, text] : files) {
      if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) {
        out.push_back(path);
      }
    }
    return out;
  }
  std::string Canonical(const std::string& path) override {
    return path.starts_with("./") ? path.substr(2) : path;
  }
  Text Run(const std::vector<std::string>& arguments, const Environment&) override {
    ++runs;
    std::string command;
    for (const std::string& argument : arguments) {
      command += (command.empty() ? "" : " ") + argument;
    }
    const auto found = commands.find(command);
    if (found == commands.end()) {
      return std::unexpected("the command failed with exit status 1");
    }
    return found->second;
  }
};

}  // namespace signalbox::config::sample
