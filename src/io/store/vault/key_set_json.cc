#include "io/store/vault/key_set_json.h"

#include <set>

#include "base/core/base64.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "io/store/vault/purpose.h"

namespace signalbox::vault {
namespace {

constexpr std::int64_t kVersion = 1;

std::unexpected<core::Error> Bad(std::string reason) {
  return core::Fail(core::ErrorCode::kInternal, std::move(reason));
}

std::string TextOf(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or("") : "";
}

std::int64_t NumberOf(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsInt().value_or(-1) : -1;
}

core::Result<WrappedKey> ParseKey(const json::Value& value) {
  const auto id = DataKeyId::Parse(TextOf(value, "id"));
  std::string purpose = TextOf(value, "purpose");
  auto box = core::FromBase64(TextOf(value, "box"));
  if (!id || !IsPurpose(purpose) || !box || box->size() != kBoxBytes) {
    return Bad("a data key without a right id, purpose or box");
  }
  return WrappedKey{*id, std::move(purpose), *std::move(box)};
}

core::Status ParseKeys(const json::Value& list, KeySet& set) {
  std::set<DataKeyId> seen;
  for (auto item = list.FirstChild(); item; item = item->NextIn(list)) {
    SB_TRY(WrappedKey key, ParseKey(*item));
    if (!seen.insert(key.id).second) {
      return Bad(key.id.Text() + " stands twice");
    }
    set.keys.push_back(std::move(key));
  }
  return {};
}

}  // namespace

std::string KeySetJson(const KeySet& set) {
  std::string text;
  json::Writer w(text);
  w.BeginObject().Key("version").Int(kVersion).Key("revision").Uint(set.revision);
  w.Key("master").String(set.master.Text()).Key("keys").BeginArray();
  for (const WrappedKey& key : set.keys) {
    text += '\n';
    w.BeginObject().Key("id").String(key.id.Text()).Key("purpose").String(key.purpose);
    w.Key("box").String(core::ToBase64(key.box)).EndObject();
  }
  w.EndArray().EndObject();
  text += '\n';
  return text;
}

core::Result<KeySet> ParseKeySet(std::string_view text) {
  json::Document document;
  if (auto parsed = document.Parse(text, {.max_depth = 4}); !parsed) {
    return Bad(std::move(parsed).error().message);
  }
  const json::Value root = document.Root();
  if (NumberOf(root, "version") != kVersion) {
    return Bad("not a set of keys, or one of a newer Signalbox");
  }
  const auto master = MasterKeyId::Parse(TextOf(root, "master"));
  const std::int64_t revision = NumberOf(root, "revision");
  const auto keys = root.Find("keys");
  if (!master || revision < 1 || !keys || !keys->IsArray()) {
    return Bad("a set of keys without a right master, revision or list of keys");
  }
  KeySet set{.revision = static_cast<std::uint64_t>(revision), .master = *master, .keys = {}};
  SB_CHECK_OK(ParseKeys(*keys, set));
  return set;
}

}  // namespace signalbox::vault
