#include "vendors/dialects/wire/free_text.h"

#include "base/json/writer.h"

namespace signalbox::wire {

std::string ArgumentsOf(std::string_view free_text) {
  std::string arguments = R"({"input":)";
  json::AppendQuoted(arguments, free_text);
  return arguments.append("}");
}

std::string FreeTextPiece(std::string_view text) {
  std::string quoted;
  json::AppendQuoted(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace signalbox::wire
