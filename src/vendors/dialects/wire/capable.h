// What a request of another dialect asks of a model that is known to lack it: refused, or left out
// where no answer is wrong without it. What is not known is tried.
//
// Owner:   nobody, these are functions. Threads: any. Errors: none; the caller makes one of a Lack.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/catalog/capabilities.h"
#include "vendors/chat/request.h"

namespace signalbox::wire {

// What makes an answer impossible, and where it stands.
struct Lack {
  catalog::Ability ability{};
  std::string path;  // "messages[0].content[1]"
};
// `forms_in_words`: the dialect puts a form of the answer into words that the model cannot be bound
// to.
std::optional<Lack> FindLack(const chat::Request& request, const catalog::Capabilities& of,
                             bool forms_in_words);
// "cannot see images"
std::string_view Words(catalog::Ability lacking);

// How the request wants it to think; nothing where the model cannot be told, which is named. `own`:
// it came in this dialect, and stays as it is.
const chat::ReasoningOptions& ReasoningFor(const chat::Request& request, bool own,
                                           const catalog::Capabilities& of,
                                           std::vector<std::string>& dropped);

// Asks in words for the form that an answer shall have; empty where it asks for none.
std::string FormInWords(const chat::ResponseFormat& format);

// Names `path` once.
void DropOnce(std::string_view path, std::vector<std::string>& dropped);

}  // namespace signalbox::wire
