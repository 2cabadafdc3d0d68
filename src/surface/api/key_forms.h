// What is sent and shown of virtual keys.
//
// Owner: plain data. Threads: any. Errors: those of the forms. Cancel: nothing to undo.
#pragma once

#include "pipeline/identity/keys.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"

namespace signalbox::api {

struct KeyView {
  request::KeyId id;
  std::optional<request::TenantId> tenant;
  std::string name;
  std::string hint;
  request::Role role = request::Role::kMember;
  std::vector<std::string> models;
  std::vector<std::string> providers;
  std::vector<std::string> dialects;
  request::PrivacyClass privacy = request::PrivacyClass::kPublic;
  Moment expires;
  std::optional<request::UserId> owner;
  std::optional<request::TeamId> team;
  std::optional<request::ProjectId> project;
  std::vector<std::string> tags;
  JsonObject metadata;
  std::optional<Moment> revoked;
  std::optional<Moment> old_secret_until;
  std::optional<Moment> last_used;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const config::Table<KeyView>& Members();
  static KeyView Of(const identity::Key& key);
  static std::string SubjectOf(const identity::Key& key) { return key.id.Text(); }
};

struct IssuedKeyView {
  std::string token;
  KeyView key;

  static const config::Table<IssuedKeyView>& Members();
};

struct NewKeyForm {
  std::string name;
  request::Role role = request::Role::kMember;
  std::vector<std::string> models;
  std::vector<std::string> providers;
  std::vector<std::string> dialects;
  request::PrivacyClass privacy = request::PrivacyClass::kPublic;
  Moment expires{core::WallTime::max()};
  request::UserId owner;
  request::TeamId team;
  request::ProjectId project;
  std::vector<std::string> tags;
  JsonObject metadata;

  static const config::Table<NewKeyForm>& Members();
  identity::NewKey ToNewKey() const;
};

struct KeyPatchForm {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
  std::optional<request::Role> role;
  std::optional<std::vector<std::string>> models;
  std::optional<std::vector<std::string>> providers;
  std::optional<std::vector<std::string>> dialects;
  std::optional<request::PrivacyClass> privacy;
  std::optional<Moment> expires;
  std::optional<request::TeamId> team;
  std::optional<request::ProjectId> project;
  std::optional<std::vector<std::string>> tags;
  std::optional<JsonObject> metadata;

  static const config::Table<KeyPatchForm>& Members();
  identity::KeyPatch ToPatch() const;
};

struct RotationForm {
  std::chrono::nanoseconds grace{0};

  static const config::Table<RotationForm>& Members();
};

struct KeyListForm {
  std::string tenant;
  std::string search;
  request::UserId owner;
  std::string after;
  std::uint32_t limit = 50;

  static const config::Table<KeyListForm>& Members();
};

}  // namespace signalbox::api
