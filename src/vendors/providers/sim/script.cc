#include "vendors/providers/sim/script.h"

#include "base/config/load.h"
#include "vendors/providers/sim/node_reader.h"
#include "vendors/providers/sim/script_effects.h"

namespace signalbox::sim {
namespace {

constexpr std::int64_t kMany = 10'000'000;

void ReadNth(NodeReader& reader, const Node& node, std::string_view key, Match& out) {
  const auto add = [&](const Node& number) {
    if (const auto nth = reader.Int(number, key, 1, kMany)) {
      out.nth.push_back(static_cast<std::uint64_t>(*nth));
    }
  };
  if (node.kind != Node::Kind::kSequence) {
    add(node);
    return;
  }
  for (const auto& item : node.items) {
    add(*item);
  }
}

void ReadHeaderGlobs(NodeReader& reader, const Node& node, std::string_view key, Match& out) {
  out.headers = reader.Texts(node, key);
  for (auto& [name, glob] : out.headers) {
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }
}

constexpr Field<Match> kMatchFields[] = {
    {"model", TextInto<&Match::model>},
    {"path", TextInto<&Match::path>},
    {"message", TextInto<&Match::message>},
    {"header", ReadHeaderGlobs},
    {"streamed", BoolInto<&Match::streamed>},
    {"nth", ReadNth},
    {"every", IntInto<&Match::every, 1, kMany>},
    {"probability", [](NodeReader& reader, const Node& node, std::string_view key,
                       Match& out) { Put(reader.Number(node, key, 0, 1), out.probability); }},
};

constexpr Field<Rule> kRuleFields[] = {
    {"name", TextInto<&Rule::name>},
    {"match", [](NodeReader& reader, const Node& node, std::string_view key,
                 Rule& out) { ReadMap<Match>(reader, node, key, kMatchFields, out.match); }},
};

// A rule's keys are its own and those of its effects.
void ReadRule(NodeReader& reader, const Node& node, Rule& rule) {
  if (!reader.IsMap(node, "a rule")) {
    return;
  }
  for (const auto& member : node.members) {
    if (ReadMember<Rule>(reader, member, kRuleFields, rule) ||
        ReadMember(reader, member, EffectFields(), rule.effects)) {
      continue;
    }
    std::vector<std::string> known{"name", "match"};
    for (const auto& field : EffectFields()) {
      known.emplace_back(field.key);
    }
    reader.Unknown(member, "a rule", known);
  }
  FinishEffects(reader, node, rule.effects);
}

void ReadRules(NodeReader& reader, const Node& node, std::string_view, Script& out) {
  if (node.kind != Node::Kind::kSequence) {
    reader.Complain(node.place, "rules must be a list");
    return;
  }
  for (const auto& item : node.items) {
    ReadRule(reader, *item, out.rules.emplace_back());
  }
}

constexpr Field<Script> kScriptFields[] = {
    {"seed", IntInto<&Script::seed, 0, INT64_MAX>},
    {"rules", ReadRules},
};

}  // namespace

std::optional<Script> ParseScript(std::string_view name, const std::string& text,
                                  std::vector<config::Problem>& problems) {
  const std::size_t before = problems.size();
  const auto root = config::ParseYaml(std::string(name), text, problems);
  Script script;
  if (root && root->kind != Node::Kind::kNull) {
    NodeReader reader(name, problems);
    ReadMap<Script>(reader, *root, "the script", kScriptFields, script);
  }
  if (problems.size() != before) {
    return std::nullopt;
  }
  return script;
}

std::optional<Script> LoadScript(const std::string& path, std::vector<config::Problem>& problems) {
  const auto input = config::ReadInput(path, problems);
  return input ? ParseScript(input->name, input->text, problems) : std::nullopt;
}

}  // namespace signalbox::sim
