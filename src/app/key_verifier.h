// Virtual keys for the API: api::Verifier over a worker's view of the directory.
//
// Owner, Threads: the worker's. Errors: the view's. Cancel: nothing waits.
#pragma once

#include "pipeline/identity/token.h"
#include "pipeline/identity/view.h"
#include "surface/api/access.h"

namespace signalbox::app {

class KeyVerifier final : public api::Verifier {
 public:
  KeyVerifier(identity::Directory& directory, async::Loop& loop) : view_(directory, loop) {}

  bool open() const override { return !view_.asks(); }
  // While nobody is asked for a credential, what clients send for another vendor is none.
  core::Result<request::Principal> Verify(std::string_view credential,
                                          core::WallTime now) override {
    if (open() && !identity::KeyToken::Parse(credential)) {
      return request::Principal::Anonymous();
    }
    return view_.Find(credential, now);
  }

 private:
  identity::DirectoryView view_;
};

}  // namespace signalbox::app
