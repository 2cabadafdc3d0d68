// Virtual keys. Who may do what with which key is the service's to say; the rules here are the
// least that anybody needs.
#include "surface/api/all_routes.h"
#include "surface/api/identity_asked.h"
#include "surface/api/key_forms.h"

namespace signalbox::api {
namespace {

using identity::KeyId;
using net::Method;
using request::Role;

core::Result<KeyId> IdOf(const Asked& asked) {
  return PathId<KeyId>(asked, 0, "key");
}

IssuedKeyView ShowIssued(const identity::IssuedKey& issued) {
  return {.token = issued.token, .key = ViewOf<KeyView>(issued.change)};
}

core::Result<Created<IssuedKeyView>> CreateKey(const Asked& asked, const NewKeyForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  Noted<KeyView> noted(asked, "key.create");
  SB_TRY(const auto issued, service->keys().Create(noted.actor(), form.ToNewKey()));
  return Created<IssuedKeyView>{ShowIssued(issued)};
}

core::Result<Page<KeyView>> ListKeys(const Asked& asked, const KeyListForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  identity::KeyQuery query;
  query.search = form.search;
  query.after = form.after;
  query.limit = form.limit;
  query.owner = form.owner;
  SB_TRY(const auto page, service->keys().List(ActorOf(asked), query));
  return PageOf<KeyView>(page);
}

core::Result<KeyView> GetKey(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  SB_TRY(const auto key, service->keys().Get(ActorOf(asked), id));
  return KeyView::Of(key);
}

core::Result<KeyView> UpdateKey(const Asked& asked, const KeyPatchForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<KeyView> noted(asked, "key.update");
  SB_TRY(const auto change, service->keys().Update(noted.actor(), id, form.ToPatch()));
  return ViewOf<KeyView>(change);
}

core::Result<IssuedKeyView> RotateKey(const Asked& asked, const RotationForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<KeyView> noted(asked, "key.rotate");
  SB_TRY(const auto issued, service->keys().Rotate(noted.actor(), id, form.grace));
  return ShowIssued(issued);
}

core::Result<KeyView> RevokeKey(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<KeyView> noted(asked, "key.revoke");
  SB_TRY(const auto change, service->keys().Revoke(noted.actor(), id));
  return ViewOf<KeyView>(change);
}

core::Result<Done> DeleteKey(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, IdOf(asked));
  Noted<KeyView> noted(asked, "key.delete");
  SB_CHECK_OK(service->keys().Remove(noted.actor(), id));
  return Done{};
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/keys", Rule::Of(Role::kMember), "createKey",
     "Makes a key; its secret is in the answer and nowhere else.", Takes<&CreateKey>()},
    {Method::kGet, "/api/keys", Rule::Of(Role::kViewer), "listKeys",
     "The keys that the caller may see.", Reads<&ListKeys>()},
    {Method::kGet, "/api/keys/{id}", Rule::Of(Role::kViewer), "getKey", "One key.",
     Finds<&GetKey>()},
    {Method::kPatch, "/api/keys/{id}", Rule::Of(Role::kViewer), "updateKey",
     "Changes what was sent of a key; nobody gives more than they have.", Takes<&UpdateKey>()},
    {Method::kPost, "/api/keys/{id}/rotate", Rule::Of(Role::kViewer), "rotateKey",
     "Gives a key a new secret; the old one is taken for a while if asked for.",
     Takes<&RotateKey>()},
    {Method::kPost, "/api/keys/{id}/revoke", Rule::Of(Role::kViewer), "revokeKey",
     "Ends a key for good, everywhere within a second.", Finds<&RevokeKey>()},
    {Method::kDelete, "/api/keys/{id}", Rule::Of(Role::kOperator), "deleteKey",
     "Removes a key; what was booked on it stays.", Finds<&DeleteKey>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes KeyRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
