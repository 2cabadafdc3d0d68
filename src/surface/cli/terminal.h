// What a descriptor that a command writes to can show: its width, colours, a moving cursor.
//
// Owner: the command; a value. Threads: plain data. Errors: none; what is unknown is not used.
//
// A pipe or file gets no colour, no limit of width and no cursor movement, so that what reads it
// sees each thing on one line. NO_COLOR (any text), CLICOLOR=0 and TERM=dumb take colour away;
// FORCE_COLOR and CLICOLOR_FORCE (anything but 0) bring it into a pipe; NO_COLOR goes before both.
// COLUMNS goes before what the terminal says of itself.
#pragma once

#include <string>
#include <string_view>

#include "base/config/environment.h"
#include "surface/cli/text_width.h"

namespace signalbox::cli {

struct Terminal {
  int columns = 0;  // 0: no limit
  bool colour = false;
  bool interactive = false;  // a person sits there, and the cursor can be moved
};

enum class Paint { kPlain, kGood, kWarn, kBad, kDim, kBold };

// The file behind `descriptor` in the process's environment.
Terminal TerminalOf(int descriptor);
// The same from facts: whether it is a terminal and how wide that says it is (0: unknown).
Terminal TerminalFrom(bool is_terminal, int columns, const config::Environment& environment);

// `text` in that colour where the terminal has colours.
std::string Painted(const Terminal& terminal, Paint paint, std::string_view text);

// One line that is written over until it is cleared, for progress. Nothing at all where the
// cursor cannot be moved.
class StatusLine {
 public:
  explicit StatusLine(int descriptor);
  ~StatusLine() { Clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  const Terminal& terminal() const { return terminal_; }
  void Show(std::string_view text);
  void Clear();

 private:
  int descriptor_;
  Terminal terminal_;
  bool shown_ = false;
};

}  // namespace signalbox::cli
