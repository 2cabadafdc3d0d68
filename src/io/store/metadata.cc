#include "io/store/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "io/store/text.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;
using core::Fail;

static_assert(std::numeric_limits<long double>::digits >= 63, "holds every whole number");

// Of a number; not a number for a text.
long double NumberOf(const MetaValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return static_cast<long double>(*whole);
  }
  const auto* number = std::get_if<double>(&value);
  return number != nullptr ? static_cast<long double>(*number)
                           : std::numeric_limits<long double>::quiet_NaN();
}

core::Status CheckKeyText(std::string_view key) {
  if (key.empty() || !IsStorableText(key)) {
    return Fail(ErrorCode::kInvalidRequest,
                "metadata: a key is empty or is not text (UTF-8 without NUL)", "metadata");
  }
  return {};
}

core::Status CheckValue(std::string_view key, const MetaValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && !IsStorableText(*text)) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("metadata: {} is not text (UTF-8 without NUL)", key), std::string(key));
  }
  if (text == nullptr && !std::isfinite(NumberOf(value))) {
    return Fail(ErrorCode::kInvalidRequest, fmt::format("metadata: {} is no finite number", key),
                std::string(key));
  }
  return {};
}

bool Holds(const OneOf& condition, const MetaValue& value) {
  return std::ranges::any_of(condition.values,
                             [&value](const MetaValue& one) { return SameValue(one, value); });
}

bool Holds(const Between& condition, const MetaValue& value) {
  const long double number = NumberOf(value);
  return number >= condition.least && number <= condition.most;
}

core::Status CheckCondition(const OneOf& condition) {
  SB_CHECK_OK(CheckKeyText(condition.key));
  if (condition.values.empty() || condition.values.size() > kMostValues) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("filter: {} has {} values to be one of; it takes 1 to {}",
                            condition.key, condition.values.size(), kMostValues),
                condition.key);
  }
  for (const MetaValue& value : condition.values) {
    SB_CHECK_OK(CheckValue(condition.key, value));
  }
  return {};
}

core::Status CheckCondition(const Between& condition) {
  SB_CHECK_OK(CheckKeyText(condition.key));
  if (std::isnan(condition.least) || std::isnan(condition.most)) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("filter: an end of {} is not a number", condition.key), condition.key);
  }
  return {};
}

}  // namespace

bool SameValue(const MetaValue& a, const MetaValue& b) {
  const auto* text = std::get_if<std::string>(&a);
  const auto* other = std::get_if<std::string>(&b);
  if (text != nullptr || other != nullptr) {
    return text != nullptr && other != nullptr && *text == *other;
  }
  return NumberOf(a) == NumberOf(b);
}

bool Matches(const Filter& filter, const Metadata& metadata) {
  return std::ranges::all_of(filter, [&metadata](const Condition& condition) {
    return std::visit(
        [&metadata](const auto& one) {
          const auto found = metadata.find(one.key);
          return found != metadata.end() && Holds(one, found->second);
        },
        condition);
  });
}

core::Status CheckMetadata(const Metadata& metadata) {
  for (const auto& [key, value] : metadata) {
    SB_CHECK_OK(CheckKeyText(key));
    SB_CHECK_OK(CheckValue(key, value));
  }
  if (const std::size_t size = MetadataJson(metadata).size(); size > kMostMetadataBytes) {
    return Fail(ErrorCode::kInvalidRequest,
                fmt::format("metadata: {} bytes as JSON; at most {} are kept beside a vector: put "
                            "the rest where the id leads to",
                            size, kMostMetadataBytes),
                "metadata");
  }
  return {};
}

core::Status CheckFilter(const Filter& filter) {
  if (filter.size() > kMostConditions) {
    return Fail(
        ErrorCode::kInvalidRequest,
        fmt::format("filter: {} conditions; it takes up to {}", filter.size(), kMostConditions),
        "filter");
  }
  for (const Condition& condition : filter) {
    SB_CHECK_OK(std::visit([](const auto& one) { return CheckCondition(one); }, condition));
  }
  return {};
}

std::string MetadataJson(const Metadata& metadata) {
  std::string text;
  json::Writer w(text);
  w.BeginObject();
  for (const auto& [key, value] : metadata) {
    w.Key(key);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      w.Int(*whole);
    } else if (const auto* number = std::get_if<double>(&value)) {
      w.Double(*number);
    } else {
      w.String(std::get<std::string>(value));
    }
  }
  w.EndObject();
  return text;
}

core::Result<Metadata> ParseMetadata(std::string_view json) {
  json::Document document;
  const core::Error other{
      ErrorCode::kInternal, "metadata in the database is no flat object of JSON", {}, {}};
  if (!document.Parse(json, {.max_depth = 2}) || !document.Root().IsObject()) {
    return std::unexpected(other);
  }
  Metadata metadata;
  bool flat = true;
  json::ForEachMember(document.Root(), [&](const json::Value& key, const json::Value& value) {
    std::string name = key.AsString().value_or("");
    if (auto text = value.AsString()) {
      metadata.emplace(std::move(name), *std::move(text));
    } else if (const auto whole = value.AsInt()) {
      metadata.emplace(std::move(name), *whole);
    } else if (const auto number = value.AsDouble()) {
      metadata.emplace(std::move(name), *number);
    } else {
      flat = false;
    }
  });
  if (!flat) {
    return std::unexpected(other);
  }
  return metadata;
}

}  // namespace signalbox::store
