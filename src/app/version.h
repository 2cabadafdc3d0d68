// The version of this program; the one place besides CMakeLists.txt, which compares the two.
#pragma once

namespace signalbox::app {

inline constexpr const char* kVersion = "0.1.0";
// Of its documentation, for the foot of the manual page.
inline constexpr const char* kVersionDay = "2026-11-21";

}  // namespace signalbox::app
