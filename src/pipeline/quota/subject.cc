#include "pipeline/quota/subject.h"

#include <fmt/format.h>

#include <cstring>

#include "pipeline/request/attribution.h"

namespace signalbox::quota {
namespace {

constexpr std::array<std::string_view, kSubjectKinds> kNames = {
    "total",    "tenant", "team", "user",     "key",   "project",
    "end_user", "agent",  "tag",  "provider", "model", "provider_user"};

std::uint64_t Mix(std::uint64_t a, std::uint64_t b) {
  const auto product =
      static_cast<unsigned __int128>(a ^ 0x9e3779b97f4a7c15U) * (b ^ 0xbf58476d1ce4e5b9U);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t Word(const void* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint64_t HashText(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = Mix(seed, text.size());
  while (text.size() >= 8) {
    hash = Mix(hash, Word(text.data()));
    text.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  if (!text.empty()) {
    std::memcpy(&rest, text.data(), text.size());
  }
  return Mix(hash, rest);
}

std::string Hex(const core::Uuid& id) {
  std::string text(32, '0');
  id.ToHex(text.data());
  return text;
}

std::string_view PrefixOf(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kTenant:
      return request::TenantTag::kPrefix;
    case SubjectKind::kTeam:
      return request::TeamTag::kPrefix;
    case SubjectKind::kUser:
    case SubjectKind::kProviderUser:
      return request::UserTag::kPrefix;
    case SubjectKind::kKey:
      return request::KeyTag::kPrefix;
    case SubjectKind::kProject:
      return request::ProjectTag::kPrefix;
    default:
      return {};
  }
}

}  // namespace

std::string_view Name(SubjectKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

core::Result<SubjectKind> FindSubjectKind(std::string_view name) {
  for (std::size_t i = 0; i < kSubjectKinds; ++i) {
    if (kNames[i] == name) {
      return static_cast<SubjectKind>(i);
    }
  }
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    fmt::format("a subject is one of {}", fmt::join(kNames, ", ")), "subject");
}

std::uint64_t HashOf(const SubjectKey& key) {
  const std::uint64_t id = Mix(Word(key.id.bytes.data()), Word(key.id.bytes.data() + 8));
  return HashText(key.name, Mix(id, static_cast<std::uint64_t>(key.kind) + 1));
}

std::string_view UnitOf(Rate rate) {
  static constexpr std::array<std::string_view, kRates> kUnits = {
      "requests per minute", "requests per hour", "tokens per minute", "tokens per hour"};
  return kUnits[static_cast<std::size_t>(rate)];
}

Subject::~Subject() {
  delete limits.load(std::memory_order_relaxed);
  for (Budget* budget = budgets.load(std::memory_order_relaxed); budget != nullptr;) {
    delete std::exchange(budget, budget->next());
  }
}

std::string Subject::Text() const {
  switch (kind) {
    case SubjectKind::kTotal:
      return "everything together";
    case SubjectKind::kEndUser:
      return "end user";
    case SubjectKind::kProviderUser:
      return fmt::format("user {}{} at {}", PrefixOf(kind), Hex(id), name);
    case SubjectKind::kAgent:
    case SubjectKind::kTag:
    case SubjectKind::kProvider:
    case SubjectKind::kModel:
      return fmt::format("{} {}", quota::Name(kind), name);
    default:
      return fmt::format("{} {}{}", quota::Name(kind), PrefixOf(kind), Hex(id));
  }
}

std::string Subject::Code() const {
  return fmt::format("{}:{}:{}", quota::Name(kind), Hex(id), name);
}

core::Result<SubjectKind> ReadSubject(std::string_view code, core::Uuid& id, std::string& name) {
  const std::size_t first = code.find(':');
  const std::size_t second = first == code.npos ? first : code.find(':', first + 1);
  const auto uuid = second == code.npos
                        ? std::nullopt
                        : core::Uuid::FromHex(code.substr(first + 1, second - first - 1));
  if (!uuid) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "not the code of a subject");
  }
  id = *uuid;
  name = code.substr(second + 1);
  return FindSubjectKind(code.substr(0, first));
}

}  // namespace signalbox::quota
