// The shapes of questions and answers that every noun's functions share.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/request/witness.h"

namespace signalbox::identity {

using request::Change;

// Which rows, and from where: in the order of their ids, which is that of their making.
struct ListQuery {
  std::string search;        // in the name; empty: all
  std::string after;         // `next` of the page before; empty: from the first
  std::uint32_t limit = 50;  // 1 to kMostRows
};
inline constexpr std::uint32_t kMostRows = 200;
// A search looks at so many rows for one page, which so may be short and still have a next one.
inline constexpr std::int64_t kSearchWindow = 5000;

template <typename T>
struct Page {
  std::vector<T> rows;
  std::string next;  // empty: this was the last page
};

}  // namespace signalbox::identity
