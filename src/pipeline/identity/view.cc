#include "pipeline/identity/view.h"

#include "pipeline/identity/token.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;

// Stands where there is no key, so that the same work is done.
const Entry& Nobody() {
  static const Entry kNobody;
  return kNobody;
}
constexpr std::string_view kNoSecret = "no-secret-has-any-of-these-characters-0000000000";
static_assert(kNoSecret.size() == kSecretSize);

}  // namespace

DirectoryView::DirectoryView(Directory& directory, async::Loop& loop)
    : directory_(directory), hasher_(directory.hasher()), table_(directory.Join(loop)) {}

DirectoryView::~DirectoryView() {
  directory_.Leave(table_.get());
}

bool DirectoryView::asks() const {
  return table_->asks();
}

std::size_t DirectoryView::size() const {
  return table_->size();
}

core::Result<request::Principal> DirectoryView::Find(std::string_view token, core::WallTime now) {
  const KeyToken asked =
      KeyToken::Parse(token).value_or(KeyToken{.id = KeyId(), .secret = kNoSecret});
  ViewTable::Known* const known = table_->Find(asked.id);
  const Entry& entry = known != nullptr ? *known->entry : Nobody();
  const KeyHash hash = hasher_.Hash(asked.id, asked.secret);
  const bool current = Same(hash, entry.hash);
  const bool old = Same(hash, entry.old_hash) && now < entry.old_until;
  if (known == nullptr || !(current || old)) {
    if (known == nullptr && table_->stale()) {
      return Fail(ErrorCode::kUnavailable,
                  "the key is not known here and the database that would know it cannot be reached "
                  "now; try again");
    }
    return Fail(ErrorCode::kUnauthenticated,
                "the key is not known, or it was revoked; check that it was copied whole");
  }
  if (now >= entry.grant->expires) {
    return Fail(ErrorCode::kUnauthenticated, "the key has expired");
  }
  table_->NoteUse(*known, now);
  if (known->grant == nullptr) {
    const auto held = std::make_shared<const EntryPtr>(known->entry);
    known->grant = std::shared_ptr<const request::Grant>(held, (*held)->grant.get());
  }
  return request::Principal{.id = asked.id.Text(), .grant = known->grant};
}

}  // namespace signalbox::identity
