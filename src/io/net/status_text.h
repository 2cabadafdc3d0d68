// Reason phrases (RFC 9110 section 15).
#pragma once

#include <string_view>

namespace signalbox::net {

// "200 OK\r\n": what follows "HTTP/1.1 " in a status line. A status without a phrase of its own
// gets that of its class.
std::string_view StatusLineRest(int status);

}  // namespace signalbox::net
