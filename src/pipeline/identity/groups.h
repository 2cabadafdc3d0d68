// Teams with their members, and projects: what keys are booked on together.
//
// Owner:   Identity. Threads: any that may block.
// Errors:  as Keys'; kConflict also for removing what keys or projects still belong to.
// Cancel:  as Keys'.
//
// Everybody in the tenant reads them; admins of the tenant change them; an admin of a team changes
// its members.
#pragma once

#include "pipeline/identity/desk.h"

namespace signalbox::identity {

struct NewTeam {
  std::string name;
};

struct TeamPatch {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
};

class Teams {
 public:
  explicit Teams(Desk& desk) : desk_(desk) {}

  core::Result<Change<Team>> Create(const Actor& actor, const NewTeam& wanted);
  core::Result<Team> Get(const Actor& actor, TeamId id);
  core::Result<Page<Team>> List(const Actor& actor, const ListQuery& query);
  core::Result<Change<Team>> Update(const Actor& actor, TeamId id, const TeamPatch& patch);
  core::Result<Change<Team>> Remove(const Actor& actor, TeamId id);

  // Puts a user into a team, or gives them another role in it.
  core::Result<Change<Member>> SetMember(const Actor& actor, const Member& member);
  core::Result<Change<Member>> RemoveMember(const Actor& actor, TeamId team, UserId user);
  // Up to a thousand, by their ids, after the one given.
  core::Result<std::vector<Member>> Members(const Actor& actor, TeamId team, UserId after = {});

 private:
  Desk& desk_;
};

struct NewProject {
  std::string name;
  TeamId team;  // zero: of no team
};

struct ProjectPatch {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
};

class Projects {
 public:
  explicit Projects(Desk& desk) : desk_(desk) {}

  core::Result<Change<Project>> Create(const Actor& actor, const NewProject& wanted);
  core::Result<Project> Get(const Actor& actor, ProjectId id);
  core::Result<Page<Project>> List(const Actor& actor, const ListQuery& query);
  core::Result<Change<Project>> Update(const Actor& actor, ProjectId id, const ProjectPatch& patch);
  core::Result<Change<Project>> Remove(const Actor& actor, ProjectId id);

 private:
  Desk& desk_;
};

}  // namespace signalbox::identity
