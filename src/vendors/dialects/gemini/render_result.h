// functionResponse.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::gemini {

// The texts of `parts`.
std::string TextOf(const std::vector<chat::Part>& parts);

struct ResultTerms {
  bool own = false;
  bool media = false;     // the model takes pictures inside it; else they stand behind it
  std::string_view name;  // of the function, where the result itself names none
};
void RenderResult(const chat::Part& part, const ResultTerms& terms, json::Writer& out);

}  // namespace signalbox::gemini
