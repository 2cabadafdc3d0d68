// The rows that ship with Signalbox: models/*.txt, put into the program when it is built.
#pragma once

#include <string_view>

namespace signalbox::catalog {

// Lives as long as the program.
std::string_view BuiltInText();

}  // namespace signalbox::catalog
