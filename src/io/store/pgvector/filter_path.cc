#include "io/store/pgvector/filter_path.h"

#include <fmt/format.h>

#include <cmath>

#include "base/json/writer.h"

namespace signalbox::pgvector {
namespace {

using store::Between;
using store::MetaValue;
using store::OneOf;

// jsonpath's escapes are JavaScript's, and so JSON's.
std::string Member(std::string_view key) {
  std::string text = "$.";
  json::AppendQuoted(text, key);
  return text;
}

std::string Literal(const MetaValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    std::string quoted;
    json::AppendQuoted(quoted, *text);
    return quoted;
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return fmt::format("({})", *whole);
  }
  return fmt::format("({})", std::get<double>(value));
}

std::string Predicate(const OneOf& condition) {
  std::string text;
  for (const MetaValue& value : condition.values) {
    text += fmt::format("{}{} == {}", text.empty() ? "" : " || ", Member(condition.key),
                        Literal(value));
  }
  return text;
}

std::string Predicate(const Between& condition) {
  const std::string member = Member(condition.key);
  if (condition.least > condition.most || (std::isinf(condition.least) && condition.least > 0) ||
      (std::isinf(condition.most) && condition.most < 0)) {
    return "1 == 0";
  }
  std::string text = member + ".type() == \"number\"";
  if (!std::isinf(condition.least)) {
    text += fmt::format(" && {} >= {}", member, Literal(condition.least));
  }
  if (!std::isinf(condition.most)) {
    text += fmt::format(" && {} <= {}", member, Literal(condition.most));
  }
  return text;
}

}  // namespace

std::string FilterPath(const store::Filter& filter) {
  std::string text;
  for (const store::Condition& condition : filter) {
    text += fmt::format("{}({})", text.empty() ? "" : " && ",
                        std::visit([](const auto& one) { return Predicate(one); }, condition));
  }
  return text;
}

store::Param PathParam(const std::string& path) {
  return path.empty() ? store::Param() : store::Param(std::string_view(path));
}

}  // namespace signalbox::pgvector
