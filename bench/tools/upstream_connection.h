// One connection of the mock upstream: reads requests, keeps the first bytes of a body (where the
// load generator puts model, stream and max_tokens), drops the rest, and writes answers.
//
// Owner:   UpstreamServer, in a slot that is used again.
// Errors:  a false return means: close this connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "message_reader.h"
#include "upstream_answers.h"

namespace signalbox::bench {

class UpstreamConnection {
 public:
  // What a complete request asks for.
  struct Wish {
    bool get = false;
    bool stream = false;
    bool usage = false;
    std::int64_t max_tokens = 0;  // 0: not said
  };

  void Open(int fd);
  void Close();

  // Reads what is there into `scratch`; false when the peer has closed or misbehaves.
  bool Read(std::string& scratch);
  // True when a whole request has been read and not yet been answered.
  bool HasRequest() const { return reader_.done(); }
  // Takes that request; the next one may be read then.
  Wish TakeRequest();

  // Sends or keeps for later; false when the connection broke or the peer reads far too slowly.
  bool Write(std::string_view bytes);
  bool Flush();
  bool HasPending() const { return !pending_.empty(); }

  int fd() const { return fd_; }

  bool wants_write = false;      // EPOLLOUT is set
  std::uint32_t generation = 0;  // tells a slot's tenants apart
  std::int64_t frames_left = 0;  // of the stream being written
  std::int64_t frames_total = 0;
  bool with_usage = false;

 private:
  int fd_ = -1;
  MessageReader reader_{MessageReader::Kind::kRequest};
  std::string peek_;
  std::string pending_;
};

}  // namespace signalbox::bench
