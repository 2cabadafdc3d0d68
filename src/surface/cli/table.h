// Rows as a command prints them: aligned columns for a person, fields between tabs for a program.
//
// Owner: the command. Threads: plain data. Errors: none.
//
// On a terminal there is a heading, columns are two spaces apart, and those that may shrink are cut
// until the row fits. In a pipe there is no heading and no padding, and nothing is cut, as in `gh`:
// `signalbox models list | cut -f1` works.
#pragma once

#include <string>
#include <vector>

#include "surface/cli/terminal.h"

namespace signalbox::cli {

struct Column {
  std::string heading;
  bool right = false;  // numbers
  // The least columns it may shrink to when the row is too wide; 0: it stays as it is.
  int least = 0;
  // What goes first on a narrow terminal: columns with the highest number are left out when
  // shrinking is not enough; 0: always there.
  int leave_out = 0;
};

struct Cell {
  std::string text;
  Paint paint = Paint::kPlain;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns; missing ones are empty.
  void Add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  // Every line ends with a line end.
  std::string Rendered(const Terminal& terminal) const;

 private:
  std::string Fields() const;
  std::vector<int> Widths(int limit) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace signalbox::cli
