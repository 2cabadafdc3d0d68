#include "base/config/table.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace signalbox::config {
namespace {

bool IsSnakeCase(std::string_view key) {
  if (key.empty() || key.front() < 'a' || key.front() > 'z' || key.find("__") != key.npos) {
    return false;
  }
  return key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == key.npos;
}

[[noreturn]] void Broken(const TableData& table, const Row& row, std::string_view what) {
  fmt::print(stderr, "configuration table {}: {}: {}\n", table.name, row.key, what);
  std::abort();
}

}  // namespace

bool Row::IsSecret() const {
  return spec.secret || (codec != nullptr && codec->kind() == Kind::kSecret);
}

void* Row::Slot(void* object) const {
  void* member = static_cast<char*>(object) + offset;
  return optional != nullptr ? optional->emplace(member) : member;
}

const void* Row::Value(const void* object) const {
  const void* member = static_cast<const char*>(object) + offset;
  return optional != nullptr ? optional->get(member) : member;
}

std::string Row::Expected() const {
  switch (shape) {
    case Shape::kOption:
      return codec->Expected(spec);
    case Shape::kSection:
      return "a section of keys";
    case Shape::kEntries:
      return fmt::format("a section of {} entries by name", table->name);
  }
  return {};
}

Complaint Row::Read(std::string_view text, void* object) const {
  if (IsSecret() && text == kSecretNotSet) {
    return {};
  }
  if (IsSecret() && text == kSecretSet) {
    return "is what `config show` prints in place of a secret; write ${VARIABLE} or { file: PATH }";
  }
  if (IsSecret() && text == kSecretKept) {
    return "is what history keeps in place of a secret; use config restore, or write the secret";
  }
  return codec->Read(text, spec, Slot(object));
}

const Row* TableData::Find(std::string_view key) const {
  for (const Row& row : rows) {
    if (row.key == key) {
      return &row;
    }
  }
  return nullptr;
}

void TableData::Add(Row row) {
  if (!IsSnakeCase(row.key)) {
    Broken(*this, row, "not a snake_case key");
  }
  if (Find(row.key) != nullptr) {
    Broken(*this, row, "used twice");
  }
  if (row.codec != nullptr && row.codec->kind() == Kind::kName && row.spec.names.empty()) {
    Broken(*this, row, "an enum without names");
  }
  rows.push_back(std::move(row));
}

}  // namespace signalbox::config
