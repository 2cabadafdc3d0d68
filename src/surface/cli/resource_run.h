// `signalbox keys create|list|show|update|delete …`: the same for every kind of thing.
//
// Owner: the command, on the main thread. Threads: that one.
// Errors: on standard error, with the exit status. Cancel: nothing to undo.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "surface/cli/resource.h"
#include "surface/cli/server_call.h"

namespace signalbox::cli {

struct ResourceArguments {
  ServerArguments server;
  std::string tenant;
  std::string id;    // of the thing, or the name of a new one
  std::string name;  // a new name
  std::string search;
  std::uint32_t limit = 0;  // 0: all there are
  bool json = false;
  std::map<std::string, std::vector<std::string>, std::less<>> values;  // by member
};

int ResourceCreate(const Resource& resource, const ResourceArguments& arguments);
int ResourceList(const Resource& resource, const ResourceArguments& arguments);
int ResourceShow(const Resource& resource, const ResourceArguments& arguments);
int ResourceUpdate(const Resource& resource, const ResourceArguments& arguments);
int ResourceDelete(const Resource& resource, const ResourceArguments& arguments);
int ResourceAct(const Resource& resource, const ResourceAction& action,
                const ResourceArguments& arguments);

// The body of what was given, {"name":…,"models":[…]}.
std::string BodyOf(std::span<const ResourceField> fields, const ResourceArguments& arguments,
                   std::string_view name);

// One thing on standard output: its lines, or the JSON as it came.
int PrintOne(std::string_view command, const ServerAnswer& answer, bool json);

struct ListStyle {
  std::span<const ListColumn> columns;
  std::uint32_t limit = 0;  // rows; 0: all there are
  bool json = false;        // each part as it came
  bool in_parts = true;     // whether `limit` and `after` are asked for
};
// A list on standard output, part by part.
int PrintList(std::string_view command, const ServerArguments& server, ServerQuestion question,
              const ListStyle& style);

}  // namespace signalbox::cli
