// JSON as a key reads it: texts that mean the same become the same bytes, others never do.
//
// Owner:   a KeyMaker; keeps its memory. Threads: one. Errors: none. Cancel: nothing waits.
// Budget:  10 ns per value beside the copying.
//
// The same: white space, escapes, spellings of a number (1, 1.0, 1e0), and the order of members at
// the root, in the objects directly in it, and in those of its lists (a message, a tool). The order
// of members further inside counts, for vendors put what stands there before the model, and answer
// in it: the properties of a schema. A number is the decimal that it spells, exactly.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"

namespace signalbox::cache {

class Canonical {
 public:
  // Appends `root` to `out`, without those of its members whose names `leave_out` has.
  void Append(const json::Value& root, const std::vector<std::string_view>& leave_out,
              std::string& out);

 private:
  struct Member {
    std::string_view name;  // as it is written
    json::Value key;
    json::Value value;
  };

  void AppendObject(const json::Value& object, int depth, std::string& out);
  void AppendSorted(std::size_t from, int depth, std::string& out);
  void AppendValue(const json::Value& value, int depth, std::string& out);

  std::vector<Member> members_;  // of the objects that are being written, the outermost first
};

// Appends a text with its length before it, as strings in a document are.
void AppendText(std::string_view text, std::string& out);

}  // namespace signalbox::cache
