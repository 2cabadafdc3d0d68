// Texts as exec and posix_spawn take them.
//
// Owner: the caller; valid as long as `texts`. Threads: any. Errors: none. Cancel: nothing waits.
#pragma once

#include <string>
#include <vector>

namespace signalbox::core {

// Pointers to each, and a null behind the last one.
inline std::vector<char*> ArgumentList(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

}  // namespace signalbox::core
