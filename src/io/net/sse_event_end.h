// Where an event of a stream ends, for whoever passes events on as they came.
//
// Pure functions over views. The reader of sse.h interprets events; these only cut.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::net {

// The length of the event at the start of `bytes` with the empty line that ends it; 0 when its end
// is not there. `scanned`: bytes at the start that are known not to hold the end; all but the last
// three are after a 0.
//
// In a stream that ends its lines with CR alone the second CR ends the event at once, because none
// follows the last one. Should an LF come behind it, it is an empty line before the next event.
std::size_t SseEventEnd(std::string_view bytes, std::size_t scanned);

// The data of one whole event: a view into it when it has one data line, else into `joined`.
std::string_view SseData(std::string_view event, std::string& joined);

}  // namespace signalbox::net
