// The catalogue: which models there are, what they can do and what they cost.
//
// Owner:   the configuration snapshot (shared_ptr<const Catalog>).
// Threads: any; immutable but for rows that are read when they are first asked for.
// Errors:  With refuses rows that it cannot read, with line and word. A model that nobody knows is
//          null, and what it costs is unknown.
// Cancel:  nothing to undo.
// Budget:  a look-up takes 100 ns (catalog_bench.cc).
//
// Layers: what ships with the program, what `models refresh` wrote, what the configuration adds. A
// row of a later layer takes the place of an earlier one's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/catalog/sheet.h"

namespace signalbox::catalog {

class Catalog {
 public:
  static std::shared_ptr<const Catalog> BuiltIn();

  // This catalogue and a layer above it: rows in the format of models/README.md.
  core::Result<std::shared_ptr<const Catalog>> With(std::string rows) const;

  // A model by the name its provider knows: id, alias, dated id. `gpt-4o-2031-01-01` is gpt-4o when
  // nobody knows better, and `ft:gpt-4o-2024-08-06:acme::x1` is what OpenAI charges for any tuned
  // model of that kind. Local servers have whatever was loaded into them: their row '*'.
  // Valid as long as the catalogue.
  const Model* Find(std::string_view provider, std::string_view name) const;

  // The first provider's that has a model of that name; for people who name none.
  const Model* FindAnywhere(std::string_view name) const;

  struct Listed {
    const Model* model = nullptr;
    std::vector<std::string_view> aliases;
  };
  // Every row that counts, in the order of the layers' texts, the earliest layer first.
  std::vector<Listed> List() const;

 private:
  explicit Catalog(std::vector<std::shared_ptr<const Sheet>> layers) : layers_(std::move(layers)) {}

  const Model* FindExact(std::string_view provider, std::string_view name) const;

  std::vector<std::shared_ptr<const Sheet>> layers_;
};

// `name` without a date at its end ("-2024-08-06", "-20240806", "@20240806"); empty when it has
// none.
std::string_view WithoutDate(std::string_view name);

}  // namespace signalbox::catalog
