// What a request of another dialect asks of a model that is known to lack it: left out where no
// answer is wrong without it. What is not known is tried.
//
// Owner: nobody, these are functions. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/catalog/capabilities.h"
#include "vendors/chat/request.h"

namespace signalbox::wire {

// Whether the request needs something for its answer that the model is known to lack.
// `forms_in_words`: the dialect puts a form of the answer into words that the model cannot be bound
// to.
bool LacksFor(const chat::Request& request, const catalog::Capabilities& of, bool forms_in_words);

// How the request wants it to think; nothing where the model cannot be told, which is named. `own`:
// it came in this dialect, and stays as it is.
const chat::ReasoningOptions& ReasoningFor(const chat::Request& request, bool own,
                                           const catalog::Capabilities& of,
                                           std::vector<std::string>& dropped);

// Whether it takes temperature and the like. Those that can be told not to think take them while
// they are not told to.
bool MaySample(const chat::Request& request, const catalog::Capabilities& of);

// Asks in words for the form that an answer shall have; empty where it asks for none.
std::string FormInWords(const chat::ResponseFormat& format);

// Names `path` once.
void DropOnce(std::string_view path, std::vector<std::string>& dropped);

}  // namespace signalbox::wire
