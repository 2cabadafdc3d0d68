// The version of this program; the one place besides CMakeLists.txt, which compares the two.
#pragma once

namespace signalbox::app {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace signalbox::app
