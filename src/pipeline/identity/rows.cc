#include "pipeline/identity/rows.h"

#include "pipeline/identity/fields.h"

namespace signalbox::identity {
namespace {

Stamp ReadStamp(const store::Row& row, std::size_t first) {
  return {.created = TimeOf(row.Int(first)),
          .changed = TimeOf(row.Int(first + 1)),
          .version = row.Int(first + 2)};
}

std::string ReadText(const store::Row& row, std::size_t column) {
  return row.IsNull(column) ? std::string() : std::string(row.Text(column));
}

std::optional<core::WallTime> ReadTime(const store::Row& row, std::size_t column) {
  return row.IsNull(column) ? std::nullopt : std::optional(TimeOf(row.Int(column)));
}

request::PrivacyClass ReadPrivacy(const store::Row& row, std::size_t column) {
  const std::int64_t privacy = row.Int(column);
  const bool known =
      privacy >= 0 && privacy <= static_cast<std::int64_t>(request::PrivacyClass::kSensitive);
  return known ? static_cast<request::PrivacyClass>(privacy) : request::PrivacyClass::kSensitive;
}

request::NameRules ReadRules(const store::Row& row, std::size_t column) {
  return {FromLines(row.Text(column))};
}

}  // namespace

request::Role ReadRole(const store::Row& row, std::size_t column) {
  const std::int64_t role = row.Int(column);
  const bool known = role >= 0 && role <= static_cast<std::int64_t>(request::Role::kAdmin);
  return known ? static_cast<request::Role>(role) : request::Role::kViewer;
}

std::int64_t Nanoseconds(core::WallTime time) {
  return time.time_since_epoch().count();
}

core::WallTime TimeOf(std::int64_t nanoseconds) {
  return core::WallTime(std::chrono::nanoseconds(nanoseconds));
}

store::Param OrNull(std::string_view text) {
  return text.empty() ? store::Param() : store::Param(text);
}

store::Param OrNull(const std::optional<core::WallTime>& time) {
  return time ? store::Param(Nanoseconds(*time)) : store::Param();
}

store::Param ExpiryParam(core::WallTime expires) {
  return expires == core::WallTime::max() ? store::Param() : store::Param(Nanoseconds(expires));
}

Tenant ReadTenant(const store::Row& row) {
  return {.id = IdOf<TenantId>(row.Text(0)),
          .name = std::string(row.Text(1)),
          .active = row.Int(2) != 0,
          .stamp = ReadStamp(row, 3)};
}

User ReadUser(const store::Row& row) {
  return {.id = IdOf<UserId>(row.Text(0)),
          .tenant = IdOf<TenantId>(row.Text(1)),
          .name = std::string(row.Text(2)),
          .email = std::string(row.Text(3)),
          .role = ReadRole(row, 4),
          .active = row.Int(5) != 0,
          .issuer = ReadText(row, 6),
          .subject = ReadText(row, 7),
          .stamp = ReadStamp(row, 8)};
}

Team ReadTeam(const store::Row& row) {
  return {.id = IdOf<TeamId>(row.Text(0)),
          .tenant = IdOf<TenantId>(row.Text(1)),
          .name = std::string(row.Text(2)),
          .stamp = ReadStamp(row, 3)};
}

Project ReadProject(const store::Row& row) {
  return {.id = IdOf<ProjectId>(row.Text(0)),
          .tenant = IdOf<TenantId>(row.Text(1)),
          .team = IdOf<TeamId>(ReadText(row, 2)),
          .name = std::string(row.Text(3)),
          .stamp = ReadStamp(row, 4)};
}

Key ReadKey(const store::Row& row) {
  return {.id = IdOf<KeyId>(row.Text(0)),
          .tenant = IdOf<TenantId>(row.Text(1)),
          .name = std::string(row.Text(2)),
          .hint = std::string(row.Text(3)),
          .rights = {.role = ReadRole(row, 4),
                     .models = ReadRules(row, 5),
                     .providers = ReadRules(row, 6),
                     .dialects = ReadRules(row, 7),
                     .privacy = ReadPrivacy(row, 8),
                     .expires = ReadTime(row, 9).value_or(core::WallTime::max()),
                     .owner = IdOf<UserId>(ReadText(row, 10)),
                     .team = IdOf<TeamId>(ReadText(row, 11)),
                     .project = IdOf<ProjectId>(ReadText(row, 12))},
          .tags = FromLines(row.Text(13)),
          .metadata = std::string(row.Text(14)),
          .revoked = ReadTime(row, 15),
          .old_secret_until = ReadTime(row, 16),
          .last_used = ReadTime(row, 17),
          .stamp = ReadStamp(row, 18)};
}

}  // namespace signalbox::identity
