// Any bytes as answers of a Redis: every cut gives the same, and whatever comes out means something
// or is refused.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/store/redis/answer.h"

namespace {

using namespace signalbox::store;  // NOLINT: a fuzz target is one file

void Require(bool holds) {
  if (!holds) std::abort();
}

// What was read, one line per reply, "!" at the end when the rest is none.
void Write(const Reply& reply, std::string& out) {
  out += static_cast<char>('0' + static_cast<int>(reply.kind));
  out += std::to_string(reply.integer) + reply.text + "(";
  for (const Reply& item : reply.items) Write(item, out);
  out += ")\n";
}

void Interpret(const Reply& reply) {
  (void)ToSlice(reply);
  (void)ToStanding(reply);
  (void)ToValue(reply);
  (void)ToInteger(reply);
  (void)ToDone(reply);
  (void)ToLease(reply);
  if (reply.IsError()) {
    Require(!ToError(reply.text).message.empty());
    (void)RemedyFor(reply.text);
    const auto redirect = ParseRedirect(reply.text);
    Require(!redirect || (redirect->slot >= 0 && redirect->slot < 16384 && redirect->port != 0));
  }
}

std::string ReadAll(std::string_view text, std::size_t piece) {
  ReplyReader reader;
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!reader.Feed(text.substr(at, piece))) return out + "!";
    while (true) {
      auto reply = reader.Next();
      if (!reply) return out + "!";
      if (!*reply) break;
      Interpret(**reply);
      Write(**reply, out);
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string whole = ReadAll(text, size + 1);
  for (const std::size_t piece : {1, 2, 3, 7}) {
    Require(ReadAll(text, piece) == whole);
  }
  return 0;
}
