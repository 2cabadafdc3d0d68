#include "surface/api/key_forms.h"

#include "surface/api/doing.h"

namespace signalbox::api {
namespace {

using config::Table;

constexpr const char* kRole = "What it may do: each role includes those before it.";
constexpr const char* kModels = "Models it may ask for, * standing for any text; none: all.";
constexpr const char* kProviders = "Providers its calls may go to; none: all.";
constexpr const char* kDialects = "Dialects it may speak; none: all.";
constexpr const char* kPrivacy = "Its requests are of this class at least.";
constexpr const char* kExpires = "When it ends, in UTC, or never.";
constexpr const char* kUser = "The user it is booked on.";
constexpr const char* kTeam = "The team it is booked on.";
constexpr const char* kProject = "The project it is booked on.";
constexpr const char* kTags = "Words to find and sum it up by.";
constexpr const char* kMetadata = "A JSON object of your own.";
constexpr const char* kVersion = "The version that is changed; when it is another one by now: 409.";

std::optional<request::NameRules> Rules(const std::optional<std::vector<std::string>>& names) {
  return names ? std::optional(request::NameRules{*names}) : std::nullopt;
}

}  // namespace

const Table<KeyView>& KeyView::Members() {
  static const auto table =
      Table<KeyView>("Key", "A virtual key; its secret is shown only when it is made or rotated.")
          .Add("id", &KeyView::id, {.doc = "Its id."})
          .Add("tenant", &KeyView::tenant, {.doc = "Null: of the whole installation."})
          .Add("name", &KeyView::name, {.doc = "For people."})
          .Add("hint", &KeyView::hint, {.doc = "The last characters of its secret."})
          .Add("role", &KeyView::role, {.doc = kRole, .names = RoleWords()})
          .Add("models", &KeyView::models, {.doc = kModels})
          .Add("providers", &KeyView::providers, {.doc = kProviders})
          .Add("dialects", &KeyView::dialects, {.doc = kDialects})
          .Add("privacy", &KeyView::privacy, {.doc = kPrivacy, .names = PrivacyWords()})
          .Add("expires", &KeyView::expires, {.doc = kExpires})
          .Add("owner", &KeyView::owner, {.doc = kUser})
          .Add("team", &KeyView::team, {.doc = kTeam})
          .Add("project", &KeyView::project, {.doc = kProject})
          .Add("tags", &KeyView::tags, {.doc = kTags})
          .Add("metadata", &KeyView::metadata, {.doc = kMetadata})
          .Add("revoked", &KeyView::revoked, {.doc = "Since when it is not taken."})
          .Add("old_secret_until", &KeyView::old_secret_until,
               {.doc = "Until when its secret before the last rotation is taken."})
          .Add("last_used", &KeyView::last_used, {.doc = "To the minute."})
          .Add("created", &KeyView::created, {.doc = "When it was made."})
          .Add("changed", &KeyView::changed, {.doc = "When it was changed last."})
          .Add("version", &KeyView::version, {.doc = "One more with every change."});
  return table;
}

KeyView KeyView::Of(const identity::Key& key) {
  const identity::KeyRights& rights = key.rights;
  return {.id = key.id,
          .tenant = IfAny(key.tenant),
          .name = key.name,
          .hint = key.hint,
          .role = rights.role,
          .models = rights.models.names,
          .providers = rights.providers.names,
          .dialects = rights.dialects.names,
          .privacy = rights.privacy,
          .expires = {rights.expires},
          .owner = IfAny(rights.owner),
          .team = IfAny(rights.team),
          .project = IfAny(rights.project),
          .tags = key.tags,
          .metadata = {key.metadata},
          .revoked = IfAny(key.revoked),
          .old_secret_until = IfAny(key.old_secret_until),
          .last_used = IfAny(key.last_used),
          .created = {key.stamp.created},
          .changed = {key.stamp.changed},
          .version = key.stamp.version};
}

const Table<IssuedKeyView>& IssuedKeyView::Members() {
  static const auto table =
      Table<IssuedKeyView>("IssuedKey", "A key with its secret.")
          .Add("token", &IssuedKeyView::token, {.doc = "What clients send. Shown this once."})
          .Sub("key", &IssuedKeyView::key, KeyView::Members());
  return table;
}

const Table<NewKeyForm>& NewKeyForm::Members() {
  static const auto table =
      Table<NewKeyForm>("NewKey", "A key to make.")
          .Add("name", &NewKeyForm::name,
               {.doc = "For people.", .min = 1, .max = 200, .required = true})
          .Add("role", &NewKeyForm::role, {.doc = kRole, .names = RoleWords()})
          .Add("models", &NewKeyForm::models, {.doc = kModels})
          .Add("providers", &NewKeyForm::providers, {.doc = kProviders})
          .Add("dialects", &NewKeyForm::dialects, {.doc = kDialects})
          .Add("privacy", &NewKeyForm::privacy, {.doc = kPrivacy, .names = PrivacyWords()})
          .Add("expires", &NewKeyForm::expires, {.doc = kExpires})
          .Add("owner", &NewKeyForm::owner, {.doc = kUser})
          .Add("team", &NewKeyForm::team, {.doc = kTeam})
          .Add("project", &NewKeyForm::project, {.doc = kProject})
          .Add("tags", &NewKeyForm::tags, {.doc = kTags})
          .Add("metadata", &NewKeyForm::metadata, {.doc = kMetadata});
  return table;
}

identity::NewKey NewKeyForm::ToNewKey() const {
  return {.name = name,
          .rights = {.role = role,
                     .models = {models},
                     .providers = {providers},
                     .dialects = {dialects},
                     .privacy = privacy,
                     .expires = expires.at,
                     .owner = owner,
                     .team = team,
                     .project = project},
          .tags = tags,
          .metadata = metadata.text};
}

const Table<KeyPatchForm>& KeyPatchForm::Members() {
  static const auto table =
      Table<KeyPatchForm>("KeyPatch", "What is to be different; the rest stays.")
          .Add("version", &KeyPatchForm::version, {.doc = kVersion})
          .Add("name", &KeyPatchForm::name, {.doc = "For people.", .min = 1, .max = 200})
          .Add("role", &KeyPatchForm::role, {.doc = kRole, .names = RoleWords()})
          .Add("models", &KeyPatchForm::models, {.doc = kModels})
          .Add("providers", &KeyPatchForm::providers, {.doc = kProviders})
          .Add("dialects", &KeyPatchForm::dialects, {.doc = kDialects})
          .Add("privacy", &KeyPatchForm::privacy, {.doc = kPrivacy, .names = PrivacyWords()})
          .Add("expires", &KeyPatchForm::expires, {.doc = kExpires})
          .Add("team", &KeyPatchForm::team, {.doc = kTeam})
          .Add("project", &KeyPatchForm::project, {.doc = kProject})
          .Add("tags", &KeyPatchForm::tags, {.doc = kTags})
          .Add("metadata", &KeyPatchForm::metadata, {.doc = kMetadata});
  return table;
}

identity::KeyPatch KeyPatchForm::ToPatch() const {
  return {.version = version,
          .name = name,
          .role = role,
          .models = Rules(models),
          .providers = Rules(providers),
          .dialects = Rules(dialects),
          .privacy = privacy,
          .expires = expires ? std::optional(expires->at) : std::nullopt,
          .team = team,
          .project = project,
          .tags = tags,
          .metadata = metadata ? std::optional(metadata->text) : std::nullopt};
}

const Table<RotationForm>& RotationForm::Members() {
  static const auto table = Table<RotationForm>("Rotation", "A new secret for a key.")
                                .Add("grace", &RotationForm::grace,
                                     {.doc = "How much longer the old secret is taken.",
                                      .min = std::chrono::nanoseconds(0),
                                      .max = identity::kMostGrace});
  return table;
}

const Table<KeyListForm>& KeyListForm::Members() {
  static const auto table =
      Table<KeyListForm>("KeyListQuery", "A part of the list of keys.")
          .Add("tenant", &KeyListForm::tenant, {.doc = std::string(kTenantDoc)})
          .Add("search", &KeyListForm::search, {.doc = "Part of the name.", .max = 100})
          .Add("owner", &KeyListForm::owner, {.doc = "Only that user's."})
          .Add("after", &KeyListForm::after, {.doc = "`next` of the part before.", .max = 100})
          .Add("limit", &KeyListForm::limit,
               {.doc = "At most so many.", .min = 1, .max = identity::kMostRows});
  return table;
}

}  // namespace signalbox::api
