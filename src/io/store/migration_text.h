// The statements of a migration's text for one engine.
//
// Owner: views of the text. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/store/sql.h"

namespace signalbox::store {

class MigrationText {
 public:
  MigrationText(std::string_view text, Engine engine);

  std::size_t size() const { return statements_.size(); }
  // Valid while this object lives.
  Statement at(std::size_t index) const;

 private:
  std::vector<std::string> statements_;
};

// FNV-1a, 64 bits, as 16 hexadecimal digits. Tells a file that was changed from one that was not;
// it is no protection against somebody who means to deceive.
std::string MigrationChecksum(std::string_view text);

}  // namespace signalbox::store
