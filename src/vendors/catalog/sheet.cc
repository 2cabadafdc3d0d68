#include "vendors/catalog/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "vendors/catalog/built_in.h"
#include "vendors/catalog/families.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using core::Status;
using Text = std::string_view;

constexpr std::size_t kLongestName = 0xffff;
constexpr std::size_t kMostProviders = 0xffff;

std::uint32_t Hash(std::uint16_t provider, Text name) {
  const std::uint64_t mixed =
      (std::hash<Text>()(name) + provider) * std::uint64_t{0x9e3779b97f4a7c15};
  return static_cast<std::uint32_t>(mixed >> 32);
}

std::unexpected<core::Error> Wrong(std::string message) {
  return core::Fail(core::ErrorCode::kInvalidRequest, std::move(message));
}

}  // namespace

core::Result<std::shared_ptr<const Sheet>> Sheet::Open(std::string text) {
  std::shared_ptr<Sheet> sheet(new Sheet);
  sheet->owned_ = std::move(text);
  SB_CHECK_OK(sheet->MakeIndex(sheet->owned_));
  for (std::size_t row = 0; row < sheet->rows(); ++row) {
    SB_TRY(auto model, sheet->ReadRowAt(row));
    sheet->models_[row].store(model.release(), std::memory_order_relaxed);
  }
  return sheet;
}

std::shared_ptr<const Sheet> Sheet::BuiltIn() {
  static const std::shared_ptr<const Sheet> sheet = [] {
    auto made = Index(BuiltInText());
    if (!made) {
      std::abort();  // a test has read all of the shipped text
    }
    return *made;
  }();
  return sheet;
}

core::Result<std::shared_ptr<const Sheet>> Sheet::Index(Text text) {
  std::shared_ptr<Sheet> sheet(new Sheet);
  SB_CHECK_OK(sheet->MakeIndex(text));
  return sheet;
}

Sheet::~Sheet() {
  for (const auto& model : models_) {
    delete model.load(std::memory_order_relaxed);
  }
}

Status Sheet::MakeIndex(Text text) {
  text_ = text;
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  rows_.reserve(lines);
  names_.reserve(lines);
  for (std::size_t number = 1, begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (auto added = AddLine(text.substr(begin, end - begin)); !added) {
      return std::unexpected(std::move(added).error().At(fmt::format("line {}", number)));
    }
    begin = end + 1;
  }
  const std::size_t names = names_.size() + aliases_.size();
  std::size_t size = 16;
  while (size < names * 2) {
    size *= 2;
  }
  slots_.assign(size, {});
  for (std::uint32_t i = 0; i < names_.size(); ++i) {
    Put(i);
  }
  models_ = std::vector<std::atomic<const Model*>>(rows_.size());
  return AddAliases();
}

Status Sheet::AddLine(Text line) {
  Text rest = line;
  const Text first = TakeWord(rest);
  if (first.empty() || first.starts_with('#')) {
    return {};
  }
  if (first == "provider") {
    return AddProvider(rest);
  }
  if (provider_names_.empty()) {
    return Wrong("expected a line 'provider <name>' before the first model");
  }
  if (first.size() > kLongestName) {
    return Wrong("an id that long is no model's");
  }
  Text after = rest;
  if (TakeWord(after) == "=") {
    aliases_.push_back({first, TakeWord(after), current_provider_});
    return {};
  }
  const auto begin = static_cast<std::uint32_t>(line.data() - text_.data());
  AddName(first, current_provider_, static_cast<std::uint32_t>(rows_.size()));
  rows_.push_back({begin, begin + static_cast<std::uint32_t>(line.size()), current_provider_});
  return {};
}

Status Sheet::AddProvider(Text rest) {
  const Text name = TakeWord(rest);
  if (name.empty() || provider_names_.size() == kMostProviders) {
    return Wrong("expected a name after 'provider'");
  }
  const auto found = std::ranges::find(provider_names_, name);
  current_provider_ = static_cast<std::uint16_t>(found - provider_names_.begin());
  if (found == provider_names_.end()) {
    provider_names_.push_back(name);
    provider_defaults_.emplace_back().provider = name;
  }
  for (Text word = TakeWord(rest); !word.empty(); word = TakeWord(rest)) {
    SB_CHECK_OK(ReadProviderWord(word, provider_defaults_[current_provider_]));
  }
  return {};
}

Status Sheet::AddAliases() {
  for (const Alias& alias : aliases_) {
    const std::uint32_t target = FindName(alias.provider, alias.target);
    if (target == kNone) {
      return Wrong(fmt::format("'{} = {}': {} has no such model", alias.name, alias.target,
                               provider_names_[alias.provider]));
    }
    AddName(alias.name, alias.provider, names_[target].row);
    Put(static_cast<std::uint32_t>(names_.size() - 1));
  }
  return {};
}

void Sheet::AddName(Text name, std::uint16_t provider, std::uint32_t row) {
  names_.push_back({static_cast<std::uint32_t>(name.data() - text_.data()), row,
                    static_cast<std::uint16_t>(name.size()), provider});
}

// A name that stands twice: the first row counts.
void Sheet::Put(std::uint32_t name) {
  const std::uint32_t hash = Hash(names_[name].provider, TextOf(names_[name]));
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].name != kNone) {
    at = (at + 1) & (slots_.size() - 1);
  }
  slots_[at] = {hash, name};
}

std::uint32_t Sheet::FindName(std::uint16_t provider, Text name) const {
  const std::uint32_t hash = Hash(provider, name);
  for (std::size_t at = hash & (slots_.size() - 1); slots_[at].name != kNone;
       at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash == hash) {
      const Name& candidate = names_[slots_[at].name];
      if (candidate.provider == provider && TextOf(candidate) == name) {
        return slots_[at].name;
      }
    }
  }
  return kNone;
}

const Model* Sheet::Find(Text provider, Text name) const {
  const auto found = std::ranges::find(provider_names_, provider);
  if (found == provider_names_.end()) {
    return nullptr;
  }
  const auto place = FindName(static_cast<std::uint16_t>(found - provider_names_.begin()), name);
  return place == kNone ? nullptr : &RowAt(names_[place].row);
}

core::Result<std::unique_ptr<Model>> Sheet::ReadRowAt(std::size_t row) const {
  const RowPlace& place = rows_[row];
  auto model = std::make_unique<Model>(provider_defaults_[place.provider]);
  if (auto read = ReadRow(text_.substr(place.begin, place.end - place.begin), *model); !read) {
    return std::unexpected(
        std::move(read).error().At(fmt::format("{}/{}", model->provider, model->id)));
  }
  model->capabilities.FillFrom(FamilyOf(model->id));
  return model;
}

const Model& Sheet::RowAt(std::size_t row) const {
  std::atomic<const Model*>& place = models_[row];
  if (const Model* known = place.load(std::memory_order_acquire)) {
    return *known;
  }
  auto read = ReadRowAt(row);
  if (!read) {
    std::abort();  // only shipped text is read late, and a test has read all of it
  }
  const Model* expected = nullptr;
  const Model* made = read->get();
  if (place.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) {
    (void)read->release();
    return *made;
  }
  return *expected;
}

std::vector<std::string_view> Sheet::AliasesOf(std::size_t row) const {
  std::vector<Text> out;
  for (std::size_t i = rows_.size(); i < names_.size(); ++i) {
    if (names_[i].row == row) {
      out.push_back(TextOf(names_[i]));
    }
  }
  return out;
}

std::size_t Sheet::IndexBytes() const {
  return rows_.capacity() * sizeof(RowPlace) + names_.capacity() * sizeof(Name) +
         slots_.capacity() * sizeof(Slot) + aliases_.capacity() * sizeof(Alias) +
         models_.capacity() * sizeof(models_[0]) + provider_defaults_.capacity() * sizeof(Model);
}

}  // namespace signalbox::catalog
