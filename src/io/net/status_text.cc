#include "io/net/status_text.h"

#include <array>
#include <string>

namespace signalbox::net {
namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr auto kPhrases = std::to_array<Phrase>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {425, "Too Early"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {508, "Loop Detected"},
    {529, "Site Is Overloaded"},
});

std::string Line(int status) {
  constexpr std::array<std::string_view, 5> kClasses = {"Informational", "Success", "Redirection",
                                                        "Client Error", "Server Error"};
  std::string_view text = "Unknown";
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) {
      text = phrase.text;
      break;
    }
  }
  if (text == "Unknown" && status >= 100 && status < 600) {
    text = kClasses[static_cast<std::size_t>(status / 100 - 1)];
  }
  return std::to_string(status) + " " + std::string(text) + "\r\n";
}

// One line for each status 100 to 599, made once.
const std::array<std::string, 500>& Lines() {
  static const auto lines = [] {
    std::array<std::string, 500> made;
    for (int i = 0; i < 500; ++i) {
      made[static_cast<std::size_t>(i)] = Line(100 + i);
    }
    return made;
  }();
  return lines;
}

}  // namespace

std::string_view StatusLineRest(int status) {
  if (status < 100 || status > 599) {
    status = 502;  // a peer's status outside the protocol
  }
  return Lines()[static_cast<std::size_t>(status - 100)];
}

}  // namespace signalbox::net
