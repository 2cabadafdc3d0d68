// The name that this dialect's extras are filed under.
#pragma once

#include <string_view>

namespace signalbox::openai_chat {

inline constexpr std::string_view kDialect = "openai_chat";

}  // namespace signalbox::openai_chat
