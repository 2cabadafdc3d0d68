// Commands of the management API that are no lists: who am I, the trail verified and exported,
// limits set, answers forgotten.
//
// Owner: the command, on the main thread. Threads: that one.
// Errors: on standard error, with the exit status. Cancel: nothing to undo.
#pragma once

#include <map>
#include <string>

#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct GovernArguments {
  ServerArguments server;
  std::string tenant;
  std::string subject;  // "key:key_…", "provider:openai", "total"
  std::string model;
  std::string tag;
  std::string since;
  std::string until;
  std::string format = "jsonl";
  bool all = false;
  bool json = false;
  std::map<std::string, std::string, std::less<>> numbers;  // limits by member
};

int Whoami(const GovernArguments& arguments);
// Fails when a chain is not whole.
int AuditVerify(const GovernArguments& arguments);
int AuditExport(const GovernArguments& arguments);
int LimitsSet(const GovernArguments& arguments);
int CacheShow(const GovernArguments& arguments);
int CachePurge(const GovernArguments& arguments);

// {"kind":"key","name":"key_…"} of "key:key_…".
std::string SubjectJson(std::string_view subject);

}  // namespace signalbox::cli
