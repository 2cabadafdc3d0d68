// Keys of identity as credentials of requests.
//
// Owner:   app/, one per worker; the view outlives it. Threads: the worker's.
// Errors:  the view's. Cancel: nothing waits.
//
// While no credential is asked for, what is no key of ours is taken for none: clients' libraries
// always send one. A text that has a key's form has to be a key that is good.
#pragma once

#include "pipeline/identity/token.h"
#include "pipeline/identity/view.h"
#include "surface/api/access.h"

namespace signalbox::api {

class KeyVerifier final : public Verifier {
 public:
  explicit KeyVerifier(identity::DirectoryView& view) : view_(view) {}

  bool open() const override { return !view_.asks(); }
  core::Result<request::Principal> Verify(std::string_view credential,
                                          core::WallTime now) override {
    if (open() && !credential.starts_with(identity::kTokenStart)) {
      return request::Principal::Anonymous();
    }
    if (credential.empty()) {
      return core::Fail(core::ErrorCode::kUnauthenticated,
                        "a key is missing: send one as 'Authorization: Bearer KEY'");
    }
    return view_.Find(credential, now);
  }

 private:
  identity::DirectoryView& view_;
};

}  // namespace signalbox::api
