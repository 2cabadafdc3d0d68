#include "surface/cli/table.h"

#include <algorithm>

namespace signalbox::cli {
namespace {

constexpr int kGap = 2;
constexpr int kLeftOut = -1;

int Total(const std::vector<int>& widths) {
  int total = -kGap;
  for (const int width : widths) {
    total += width == kLeftOut ? 0 : width + kGap;
  }
  return total;
}

// Takes columns off the widest column that may still shrink, one by one. Returns whether it fits.
bool Shrink(const std::vector<Column>& columns, int limit, std::vector<int>& widths) {
  while (Total(widths) > limit) {
    std::size_t widest = columns.size();
    for (std::size_t at = 0; at < columns.size(); ++at) {
      const bool may = columns[at].least != 0 && widths[at] > columns[at].least;
      if (may && (widest == columns.size() || widths[at] > widths[widest])) {
        widest = at;
      }
    }
    if (widest == columns.size()) {
      return false;
    }
    --widths[widest];
  }
  return true;
}

// The column that goes next, or columns.size().
std::size_t NextToLeaveOut(const std::vector<Column>& columns, const std::vector<int>& widths) {
  std::size_t next = columns.size();
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (widths[at] == kLeftOut || columns[at].leave_out == 0) {
      continue;
    }
    if (next == columns.size() || columns[at].leave_out > columns[next].leave_out) {
      next = at;
    }
  }
  return next;
}

void AppendCell(const Terminal& terminal, const Cell& cell, bool right, int width,
                std::string& line) {
  const std::string text = Cut(cell.text, width);
  const auto padding = static_cast<std::size_t>(std::max(0, width - Width(text)));
  if (right) {
    line.append(padding, ' ');
  }
  line += Painted(terminal, cell.paint, text);
  if (!right) {
    line.append(padding, ' ');
  }
}

std::string Line(const Terminal& terminal, const std::vector<Column>& columns,
                 const std::vector<Cell>& row, const std::vector<int>& widths) {
  std::string line;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (widths[at] == kLeftOut) {
      continue;
    }
    if (!line.empty()) {
      line.append(kGap, ' ');
    }
    AppendCell(terminal, row[at], columns[at].right, widths[at], line);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line.append(1, '\n');
}

}  // namespace

void Table::Add(std::vector<Cell> row) {
  row.resize(columns_.size());
  for (Cell& cell : row) {
    cell.text = Printable(cell.text);
  }
  rows_.push_back(std::move(row));
}

std::string Table::Fields() const {
  std::string out;
  for (const std::vector<Cell>& row : rows_) {
    for (std::size_t at = 0; at < row.size(); ++at) {
      out.append(at == 0 ? "" : "\t").append(row[at].text);
    }
    out += '\n';
  }
  return out;
}

std::vector<int> Table::Widths(int limit) const {
  std::vector<int> natural;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    int width = Width(columns_[at].heading);
    for (const std::vector<Cell>& row : rows_) {
      width = std::max(width, Width(row[at].text));
    }
    natural.push_back(width);
  }
  while (true) {
    std::vector<int> widths = natural;
    if (Shrink(columns_, limit, widths)) {
      return widths;
    }
    const std::size_t next = NextToLeaveOut(columns_, widths);
    if (next == columns_.size()) {
      return widths;  // what must be there does not fit: the terminal wraps it
    }
    natural[next] = kLeftOut;
  }
}

std::string Table::Rendered(const Terminal& terminal) const {
  if (terminal.columns == 0) {
    return Fields();
  }
  const std::vector<int> widths = Widths(terminal.columns);
  std::vector<Cell> heading;
  for (const Column& column : columns_) {
    heading.push_back({column.heading, Paint::kDim});
  }
  std::string out = Line(terminal, columns_, heading, widths);
  for (const std::vector<Cell>& row : rows_) {
    out += Line(terminal, columns_, row, widths);
  }
  return out;
}

}  // namespace signalbox::cli
