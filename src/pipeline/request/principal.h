// Who asks. Plain data; made by whoever checked the credential.
#pragma once

#include <memory>
#include <string>

#include "pipeline/request/grant.h"

namespace signalbox::request {

struct Principal {
  std::string id;  // key or user; empty: anonymous
  // What it may do; null: everything that is configured, which is so only where no credential is
  // configured, or for the access key.
  std::shared_ptr<const Grant> grant;

  bool anonymous() const { return id.empty(); }
  static const Principal& Anonymous() {
    static const Principal kAnonymous;
    return kAnonymous;
  }
};

}  // namespace signalbox::request
