// Types that members of a form may have beside those of base/config.
//
// Owner: plain data. Threads: any. Errors: the codecs' complaints. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/config/spec.h"
#include "base/core/time.h"
#include "pipeline/request/attribution.h"
#include "pipeline/request/grant.h"

namespace signalbox::api {

// Dollars: a JSON number with at most nine decimals, read and written exactly.
struct Dollars {
  std::int64_t nano = 0;
  friend bool operator==(const Dollars&, const Dollars&) = default;
};

// A moment: "2027-01-31T12:00:00Z", to the second or finer. The end of time is "never".
struct Moment {
  core::WallTime at{};
  friend bool operator==(const Moment&, const Moment&) = default;
};

// A JSON object of the caller's own, kept as it was written: 16 KiB at most.
struct JsonObject {
  std::string text = "{}";
};

const config::Codec& DollarsCodec();
const config::Codec& MomentCodec();
const config::Codec& JsonObjectCodec();

// An id of one kind; the word "none" is the id that nothing has.
const config::Codec& TenantIdCodec();
const config::Codec& UserIdCodec();
const config::Codec& TeamIdCodec();
const config::Codec& ProjectIdCodec();
const config::Codec& KeyIdCodec();

// The names of roles and classes, for a Spec.
std::vector<config::Word> RoleWords();
std::vector<config::Word> PrivacyWords();

// An id as an answer has it: null for none.
template <typename Id>
std::optional<Id> IfAny(const Id& id) {
  return id == Id{} ? std::nullopt : std::optional(id);
}
// The same of a moment that means none where it is the end of time.
inline std::optional<Moment> IfAny(const std::optional<core::WallTime>& at) {
  return at ? std::optional(Moment{*at}) : std::nullopt;
}

// "2027-01-31", "2027-01-31T12:00:00Z", "2027-01-31T12:00:00.250Z"
std::optional<core::WallTime> ParseMoment(std::string_view text);

}  // namespace signalbox::api

namespace signalbox::config {
template <>
inline const Codec& CodecOf<api::Dollars>() {
  return api::DollarsCodec();
}
template <>
inline const Codec& CodecOf<api::Moment>() {
  return api::MomentCodec();
}
template <>
inline const Codec& CodecOf<api::JsonObject>() {
  return api::JsonObjectCodec();
}
template <>
inline const Codec& CodecOf<request::TenantId>() {
  return api::TenantIdCodec();
}
template <>
inline const Codec& CodecOf<request::UserId>() {
  return api::UserIdCodec();
}
template <>
inline const Codec& CodecOf<request::TeamId>() {
  return api::TeamIdCodec();
}
template <>
inline const Codec& CodecOf<request::ProjectId>() {
  return api::ProjectIdCodec();
}
template <>
inline const Codec& CodecOf<request::KeyId>() {
  return api::KeyIdCodec();
}
}  // namespace signalbox::config
