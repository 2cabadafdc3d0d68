// The things that the management API keeps, as the command line speaks of them: keys, users, teams,
// projects, tenants, budgets. Plain data; resource_run.h does with them what every one of them
// allows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "surface/cli/listing.h"

namespace signalbox::cli {

enum class FieldKind : std::uint8_t {
  kText,
  kTexts,
  kRaw,      // a number or an object, as it was given
  kSwitch,   // true or false
  kSubject,  // "key:key_…" becomes {"kind":"key","name":"key_…"}
};

// An option that becomes a member of the body.
struct ResourceField {
  std::string_view member;  // "models"
  std::string_view option;  // "--model"
  FieldKind kind = FieldKind::kText;
  std::string_view value;  // what stands for it in the help: "MODEL"
  std::string_view doc;
  bool create = true;
  bool update = true;
  bool required = false;
  std::vector<std::string_view> words = {};  // that there are; none: any
};

// Something more that can be done with one: POST PATH/ID/….
struct ResourceAction {
  std::string_view name;
  std::string_view path;
  std::string_view doc;
  std::vector<ResourceField> fields = {};
  std::string_view done;  // what is said of it
};

struct Resource {
  std::string_view command;  // "keys"
  std::string_view noun;     // "key"
  std::string_view path;     // "/api/keys"
  std::string_view doc;
  std::vector<ResourceField> fields;
  std::vector<ListColumn> columns;
  std::vector<ResourceAction> actions = {};
  bool named = true;      // made under a name, which may be searched for
  bool removable = true;  // has `delete`
  bool in_tenant = true;  // one of the installation may name a tenant
};

const std::vector<Resource>& Resources();

}  // namespace signalbox::cli
