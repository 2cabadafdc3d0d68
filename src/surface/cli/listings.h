// Commands that show a list of the management API and nothing else: usage, requests, the trail.
// Plain data; `signalbox COMMAND VERB` with an option for each parameter.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "surface/cli/listing.h"
#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct ListingOption {
  std::string_view option;     // "--since"
  std::string_view parameter;  // "since"
  std::string_view value;      // what stands for it in the help
  std::string_view doc;
  std::vector<std::string_view> words = {};  // that there are; none: any
};

struct Listing {
  std::string_view command;  // "audit"
  std::string_view verb;     // "list"; empty: the command itself
  std::string_view doc;
  std::string_view path;  // "/api/audit"
  std::vector<ListingOption> options;
  std::vector<ListColumn> columns;
  std::uint32_t count = 0;            // rows that are shown when nothing is said; 0: all
  bool in_parts = true;               // whether it takes `limit` and `after`
  std::string_view command_doc = {};  // of the command, where it has other verbs beside this one
};

const std::vector<Listing>& Listings();

struct ListingArguments {
  ServerArguments server;
  std::uint32_t count = 0;
  bool json = false;
  std::map<std::string, std::string, std::less<>> values;  // by parameter
};

int ShowListing(const Listing& listing, const ListingArguments& arguments);

}  // namespace signalbox::cli
