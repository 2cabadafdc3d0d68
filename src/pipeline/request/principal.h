// Who asks. Plain data; made by whoever checked the credential.
#pragma once

#include <string>

namespace signalbox::request {

struct Principal {
  std::string id;  // key or user; empty: anonymous

  bool anonymous() const { return id.empty(); }
  static const Principal& Anonymous() {
    static const Principal kAnonymous;
    return kAnonymous;
  }
};

}  // namespace signalbox::request
