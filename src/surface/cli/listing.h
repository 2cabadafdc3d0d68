// JSON answers of the management API as people read them: a list as a table, one thing as lines.
//
// Owner: nobody, they are functions. Threads: any. Cancel: nothing to undo.
// Errors: kUpstreamProtocol for an answer that is no such thing.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "surface/cli/terminal.h"

namespace signalbox::cli {

struct ListColumn {
  std::string_view heading;
  std::string_view member;  // of each row; a dot leads into an object
  bool right = false;
  int least = 0;      // as in Column
  int leave_out = 0;  // as in Column
};

// The rows of {"data":[…]} as table; `rows` counts them.
core::Result<std::string> ListText(std::string_view body, std::span<const ListColumn> columns,
                                   const Terminal& terminal, std::size_t* rows);
// `next` of such an answer; empty: there is no more.
std::string NextOf(std::string_view body);
// An object as "member: value" lines, what is null or empty left out.
core::Result<std::string> ShowText(std::string_view body, const Terminal& terminal);

// A value as a cell has it: lists with commas, moments to the second, null as nothing.
std::string CellText(const json::Value& value);

}  // namespace signalbox::cli
