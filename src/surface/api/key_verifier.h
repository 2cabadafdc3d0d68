// Keys of identity, and tokens of the issuers that it knows, as credentials of requests.
//
// Owner:   app/, one per worker; view and logins outlive it. Threads: the worker's.
// Errors:  the view's and the logins'. Cancel: Ask's deadline; nothing else waits.
//
// While no credential is asked for, what is no key of ours is taken for none: clients' libraries
// always send one. A text that has a key's form has to be a key that is good.
#pragma once

#include "pipeline/identity/logins.h"
#include "pipeline/identity/token.h"
#include "pipeline/identity/view.h"
#include "surface/api/access.h"

namespace signalbox::api {

class KeyVerifier final : public Verifier {
 public:
  // `logins` may be null: no issuer is known.
  explicit KeyVerifier(identity::DirectoryView& view, identity::Logins* logins = nullptr)
      : view_(view), logins_(logins) {}

  bool open() const override { return !view_.asks(); }
  Known Recognize(std::string_view credential, core::WallTime now) override {
    if (open() && !credential.starts_with(identity::kTokenStart)) {
      return request::Principal::Anonymous();
    }
    if (credential.empty()) {
      return core::Fail(core::ErrorCode::kUnauthenticated,
                        "a key is missing: send one as 'Authorization: Bearer KEY'");
    }
    if (logins_ != nullptr && logins_->Takes(credential)) {
      return logins_->Recognize(credential, now);
    }
    return view_.Find(credential, now);
  }
  async::Task<core::Result<request::Principal>> Ask(std::string credential, core::WallTime now,
                                                    async::Deadline deadline) override {
    return logins_->Find(std::move(credential), now, deadline);
  }

 private:
  identity::DirectoryView& view_;
  identity::Logins* logins_;
};

}  // namespace signalbox::api
