// Recorded exchanges in OpenAI Chat's form, for tests. They stand beside the project; without them
// the tests that use them are skipped.
//
// Owner: a test. Threads: one. Errors: an unreadable file is a failed test. Cancel: nothing to
// undo.
#pragma once

#include <string>
#include <vector>

namespace signalbox::openai_chat {

struct Recording {
  std::string name;  // file and number of the exchange
  int status = 200;
  std::string request;              // a JSON body, or empty
  std::string answer;               // a JSON body, or empty
  std::string sse;                  // a stream as it came, or empty
  std::vector<std::string> frames;  // the data of a stream whose framing was taken off
};

// Empty when the recordings are not there.
std::vector<Recording> LoadChatRecordings();
std::vector<Recording> LoadEmbeddingsRecordings();

}  // namespace signalbox::openai_chat
