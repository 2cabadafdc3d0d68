// Which tool call a streamed fragment belongs to. Vendors differ: most number calls with `index`,
// some leave it out, some give every call the same one and only the id tells them apart.
//
// Owner: the stream parser, one per choice. Threads: none of its own. Errors: none.
// Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::openai_chat {

class CallTracker {
 public:
  struct Place {
    std::int64_t call = 0;              // counted from 0
    bool begins = false;                // the first fragment of it, or the first with a name
    std::optional<std::int64_t> ended;  // the call before it, when this one begins after it
  };

  // `index` as on the wire; id and name empty when the fragment has none.
  Place Find(std::optional<std::int64_t> index, std::string_view id, std::string_view name);

  // The call that is open at the end of the choice.
  std::optional<std::int64_t> Close();

 private:
  struct Call {
    std::int64_t index = 0;
    std::string id;
    bool named = false;
  };

  Call* Known(std::optional<std::int64_t> index, std::string_view id);

  std::vector<Call> calls_;
  bool open_ = false;
};

}  // namespace signalbox::openai_chat
