#include "vendors/catalog/catalog.h"

#include <algorithm>
#include <ranges>

namespace signalbox::catalog {
namespace {

constexpr std::string_view kAnyModel = "*";

// A year of this or the last decades, so that a version or a size is not taken for a date.
bool IsDate(std::string_view text) {
  constexpr std::string_view kDashed = "dddd-dd-dd";
  constexpr std::string_view kPlain = "dddddddd";
  const std::string_view shape = text.size() == kDashed.size() ? kDashed : kPlain;
  return text.starts_with("20") && std::ranges::equal(text, shape, [](char c, char expected) {
           return expected == 'd' ? c >= '0' && c <= '9' : c == expected;
         });
}

// "ft:gpt-4o-2024-08-06" of "ft:gpt-4o-2024-08-06:acme::x1"; empty when it is no such name.
std::string_view TunedKind(std::string_view name) {
  const std::size_t end = name.starts_with("ft:") ? name.find(':', 3) : std::string_view::npos;
  return end == std::string_view::npos ? std::string_view() : name.substr(0, end);
}

}  // namespace

std::string_view WithoutDate(std::string_view name) {
  for (const std::size_t size : {std::size_t{10}, std::size_t{8}}) {
    if (name.size() > size + 1 && IsDate(name.substr(name.size() - size))) {
      const std::size_t mark = name.size() - size - 1;
      if (name[mark] == '-' || name[mark] == '@') {
        return name.substr(0, mark);
      }
    }
  }
  return {};
}

std::shared_ptr<const Catalog> Catalog::BuiltIn() {
  static const std::shared_ptr<const Catalog> built_in(new Catalog({Sheet::BuiltIn()}));
  return built_in;
}

core::Result<std::shared_ptr<const Catalog>> Catalog::With(std::string rows) const {
  SB_TRY(auto sheet, Sheet::Open(std::move(rows)));
  auto layers = layers_;
  layers.push_back(std::move(sheet));
  return std::shared_ptr<const Catalog>(new Catalog(std::move(layers)));
}

const Model* Catalog::FindExact(std::string_view provider, std::string_view name) const {
  for (const auto& layer : layers_ | std::views::reverse) {
    if (const Model* model = layer->Find(provider, name)) {
      return model;
    }
  }
  return nullptr;
}

const Model* Catalog::Find(std::string_view provider, std::string_view name) const {
  if (const Model* model = FindExact(provider, name)) {
    return model;
  }
  for (const std::string_view wider : {WithoutDate(name), TunedKind(name)}) {
    const Model* model = wider.empty() ? nullptr : FindExact(provider, wider);
    if (model != nullptr) {
      return model;
    }
  }
  return FindExact(provider, kAnyModel);
}

const Model* Catalog::FindAnywhere(std::string_view name) const {
  for (const auto& layer : layers_ | std::views::reverse) {
    for (const std::string_view provider : layer->providers()) {
      if (const Model* model = FindExact(provider, name)) {
        return model;
      }
    }
  }
  return nullptr;
}

std::vector<Catalog::Listed> Catalog::List() const {
  std::vector<Listed> out;
  for (const auto& layer : layers_) {
    for (std::size_t row = 0; row < layer->rows(); ++row) {
      const Model& model = layer->RowAt(row);
      if (FindExact(model.provider, model.id) == &model) {
        out.push_back({&model, layer->AliasesOf(row)});
      }
    }
  }
  return out;
}

}  // namespace signalbox::catalog
