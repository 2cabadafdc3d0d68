// The files that one configuration was read from: what is watched and what history keeps.
//
// Owner: whoever holds the load's result. Threads: plain data. Errors: none. Cancel: nothing waits.
#pragma once

#include <string>
#include <vector>

#include "base/config/outside.h"

namespace signalbox::config {

struct TextInput {
  std::string name;  // the path, as it appears in problems
  std::string text;
};

struct ReadStamp {
  std::string path;
  FileStamp stamp;  // of what was read; all zero when there was nothing to read
};

struct ReadPattern {
  std::string pattern;
  std::vector<std::string> matches;
};

struct LoadedFiles {
  std::vector<TextInput> texts;       // the file, then what it includes, in the order read
  std::vector<ReadStamp> stamps;      // those, the files of secrets, and what could not be read
  std::vector<ReadPattern> patterns;  // of includes such as conf.d/*.yaml
};

}  // namespace signalbox::config
