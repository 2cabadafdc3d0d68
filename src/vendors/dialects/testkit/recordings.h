// Recorded exchanges of real vendors, for tests. They stand beside the project; without them the
// tests that use them are skipped.
//
// Owner: a test. Threads: one. Errors: an unreadable file is a failed test. Cancel: nothing to
// undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signalbox::testkit {

struct Recording {
  std::string name;      // file and number of the exchange
  std::string provider;  // folder
  std::string url;       // of an exchange
  int status = 200;
  std::string request;              // a JSON body, or empty
  std::string answer;               // a JSON body, or empty
  std::string stream;               // a stream as it came (text or binary), or empty
  std::vector<std::string> frames;  // the data of a stream whose framing was taken off
};

// Which ones: `api` and `provider` as the manifest has them, `endpoint` a part of an exchange's
// URL. Empty: any.
struct Wanted {
  std::string_view api;
  std::string_view provider;
  std::string_view endpoint;
};

// Empty when the recordings are not there.
std::vector<Recording> LoadRecordings(const Wanted& wanted);

}  // namespace signalbox::testkit
