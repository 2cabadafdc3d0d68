// Configurations of several files, with profiles and with secrets from elsewhere, that are wrong:
// the whole text of every problem.
#include "base/config/broken_cases.h"
#include "base/config/outside_testing.h"

namespace signalbox::config::sample {
namespace {

constexpr const char* kCanary = "canary-9f3b";

struct BrokenFiles {
  const char* name;
  std::string text;      // of a.yaml
  std::string problems;  // all of them, one a line
  const char* profile = "";
};

void PrintTo(const BrokenFiles& broken, std::ostream* out) {
  *out << broken.name;
}

Pretend MakeOutside() {
  Pretend outside;
  outside.files = {
      {"good.yaml", "server: {workers: 2}\n"},
      {"data.yaml", "data: there\n"},
      {"edge.yaml", "providers:\n  edge:\n    base_url: http://h\n    key: k\n"},
      {"wrong.yaml", "server:\n  wrkers: 2\n  drain: soon\n"},
      {"list.yaml", "- a\n"},
      {"bad.yaml", "server: {workers: 2\n"},
      {"self.yaml", "include: self.yaml\n"},
      {"ring1.yaml", "\n\ninclude: ring2.yaml\n"},
      {"ring2.yaml", "include: [good.yaml, ring1.yaml]\n"},
      {"back.yaml", "include: ./a.yaml\n"},
      {"large.yaml", "data: " + std::string(kMaxFileBytes, 'x')},
      {"dir/inner.yaml", "server: {drain: 2s}\ninclude: [nowhere.yaml]\n"},
      {"dir/prod.yaml", "profiles: {prod: {data: p}}\n"},
      {"many/1.yaml", "data: 1\n"},
      {"many/2.yaml", "data: 2\n"},
      {"k/secret", "from-a-file\n"},
      {"k/empty", "\n"},
      {"k/two", "two\nlines\n"},
      {"k/large", std::string(kMaxSecretBytes + 1, 'x')},
      {"k/binary", std::string("a\0b", 3)},
  };
  for (int i = 0; i < 12; ++i) {
    outside.files["deep" + std::to_string(i) + ".yaml"] =
        "include: deep" + std::to_string(i + 1) + ".yaml\n";
  }
  for (int i = 100; i < 200; ++i) {
    outside.files["hundred/" + std::to_string(i) + ".yaml"] = "\n";
  }
  outside.commands = {{"pass show edge", "from-a-command\n"}, {"true", "\n"}};
  return outside;
}

// One provider whose key is `text`.
std::string Key(const std::string& text) {
  return "providers:\n  e:\n    base_url: http://h\n    key: " + text + "\n";
}

constexpr const char* kRelative = " (relative paths begin at the file that includes)\n";
constexpr const char* kNoFile = "cannot be opened: No such file or directory";
constexpr const char* kPaths =
    "include: expected a path or a list of paths, such as [providers.yaml, conf.d/*.yaml]\n";
constexpr const char* kAdds = "; a file that is included adds, only a profile replaces\n";

const BrokenFiles kIncludes[] = {
    {"Missing", "include: nope.yaml\n",
     std::string("a.yaml:1:10: include: nope.yaml ") + kNoFile + kRelative},
    {"MissingInList", "include: [good.yaml,\n  nope.yaml]\n",
     std::string("a.yaml:2:3: include: nope.yaml ") + kNoFile + kRelative},
    {"MissingFurtherIn", "include: dir/inner.yaml\n",
     std::string("dir/inner.yaml:2:11: include: dir/nowhere.yaml ") + kNoFile + kRelative},
    {"Section", "include: {a: b}\n", std::string("a.yaml:1:10: ") + kPaths},
    {"ListInList", "include: [[a]]\n", std::string("a.yaml:1:11: ") + kPaths},
    {"Nothing", "include:\n", std::string("a.yaml:1:1: ") + kPaths},
    {"EmptyPath", "include: ''\n", std::string("a.yaml:1:10: ") + kPaths},
    {"VariableNotSet", "include: '${DIR}/a.yaml'\n",
     "a.yaml:1:10: include: the environment variable DIR is not set; set it, or write "
     "${DIR:-default}\n"},
    {"VariableIsNotShown", "include: x/${KEY}\n",
     std::string("a.yaml:1:10: include: x/${KEY} ") + kNoFile + kRelative},
    {"Itself", "include: a.yaml\n", "a.yaml:1:10: include: goes in a circle: a.yaml -> a.yaml\n"},
    {"ItselfFurtherIn", "include: self.yaml\n",
     "self.yaml:1:10: include: goes in a circle: self.yaml -> self.yaml\n"},
    {"Ring", "include: ring1.yaml\n",
     "ring2.yaml:1:22: include: goes in a circle: ring1.yaml -> ring2.yaml -> ring1.yaml\n"},
    {"BackUnderAnotherName", "include: back.yaml\n",
     "back.yaml:1:10: include: goes in a circle: a.yaml -> back.yaml -> ./a.yaml\n"},
    {"Twice", "include:\n  - good.yaml\n  - ./good.yaml\n",
     "a.yaml:3:5: include: ./good.yaml is included twice, first in a.yaml:2\n"},
    {"TwiceByPattern", "include: [good.yaml, go*.yaml]\n",
     "a.yaml:1:22: include: good.yaml is included twice, first in a.yaml:1\n"},
    {"TooDeep", "include: deep0.yaml\n", "deep7.yaml:1:10: include: goes deeper than 8 files\n"},
    {"TooMany", "include: hundred/*.yaml\n", "a.yaml:1:10: include: more than 64 files in all\n"},
    {"TooLargeTogether", "include: large.yaml\n",
     "large.yaml: is larger than 1048576 bytes together with the files before\n"},
    {"NoYaml", "include: bad.yaml\n",
     "bad.yaml:2:1: expected , or } in a { … } section; is one missing?\n"},
    {"NoSection", "include: list.yaml\n",
     "list.yaml:1:1: expected a section of keys, found a list\n"},
    {"MistakesOfBothFiles", "include: wrong.yaml\nservr: {}\n",
     "a.yaml:2:1: unknown key \"servr\"; did you mean \"server\"?\n"
     "wrong.yaml:2:3: unknown key \"wrkers\" in server; did you mean \"workers\"?\n"
     "wrong.yaml:3:10: server.drain: expected a duration from 1s to 1h, such as 300ms, 10s, 5m, "
     "2h or 7d\n"},
    {"SetInBoth", "include: data.yaml\ndata: here\n",
     std::string("data.yaml:1:1: data: is set twice, first in a.yaml:2:1") + kAdds},
    {"SetInTwoIncluded", "include: many/*.yaml\n",
     std::string("many/2.yaml:1:1: data: is set twice, first in many/1.yaml:1:1") + kAdds},
    {"SetInBothAndWrong", "include: wrong.yaml\nserver: {drain: 2s}\n",
     "wrong.yaml:2:3: unknown key \"wrkers\" in server; did you mean \"workers\"?\n"
     "wrong.yaml:3:3: server.drain: is set twice, first in a.yaml:2:10" +
         std::string(kAdds) +
         "wrong.yaml:3:10: server.drain: expected a duration from 1s to 1h, such as 300ms, 10s, "
         "5m, 2h or 7d\n"},
    {"EntrySetInBoth", "include: edge.yaml\nproviders: {edge: {key: x}}\n",
     std::string("edge.yaml:4:5: providers.edge.key: is set twice, first in a.yaml:2:20") + kAdds},
    {"RequiredNowhere", "include: good.yaml\nproviders: {e: {local: true}}\n",
     "a.yaml:2:13: providers.e.base_url is required: an address that begins with http:// or "
     "https:// and names a host\n"},
    {"NotAtTheTop", "server: {include: good.yaml}\n",
     "a.yaml:1:10: unknown key \"include\" in server\n"},
    {"Misspelt", "includes: good.yaml\n",
     "a.yaml:1:1: unknown key \"includes\"; did you mean \"include\"?\n"},
};

const BrokenFiles kProfiles[] = {
    {"Misspelt", "profile: {}\n",
     "a.yaml:1:1: unknown key \"profile\"; did you mean \"profiles\"?\n"},
    {"List", "profiles: [dev]\n",
     "a.yaml:1:11: profiles: expected a section of profiles by name, found a list\n"},
    {"Value", "profiles: dev\n",
     "a.yaml:1:11: profiles: expected a section of profiles by name, found a single value\n"},
    {"OneIsAValue", "profiles: {dev: debug}\n",
     "a.yaml:1:17: profiles.dev: expected a section of keys, found a single value\n"},
    {"BadName", "profiles: {'a b': {}}\n",
     "a.yaml:1:12: profiles: the name of a profile is letters, digits and . _ - @ / : +, at most "
     "128 of them\n"},
    {"UnknownWithANearOne", "profiles: {production: {}, dev: {}}\n",
     "--profile: names no profile of the configuration; it has production, dev; did you mean "
     "\"production\"?\n",
     "prodution"},
    {"UnknownWithNoneNear", "profiles: {production: {}, dev: {}}\n",
     "--profile: names no profile of the configuration; it has production, dev\n", "xyzzy"},
    {"UnknownInIncluded", "include: dir/prod.yaml\n",
     "--profile: names no profile of the configuration; it has prod; did you mean \"prod\"?\n",
     "prd"},
    {"NoneAtAll", "data: x\n",
     "--profile: names a profile, and the configuration has no profiles\n", "dev"},
    {"Twice", "profiles:\n  dev: {}\n  dev: {}\n",
     "a.yaml:3:3: duplicate key \"dev\", first written in line 2\n"},
    {"SetTwiceByTwoFiles", "include: dir/prod.yaml\nprofiles:\n  prod: {data: q}\n",
     std::string("dir/prod.yaml:1:19: profiles.prod.data: is set twice, first in a.yaml:3:10") +
         kAdds,
     "prod"},
    {"SetTwiceInAnotherProfile", "include: dir/prod.yaml\nprofiles:\n  prod: {data: q}\n",
     std::string("dir/prod.yaml:1:19: profiles.prod.data: is set twice, first in a.yaml:3:10") +
         kAdds},
    {"UnknownKey", "profiles: {dev: {servr: {}}}\n",
     "a.yaml:1:18: unknown key \"servr\" in profiles.dev; did you mean \"server\"?\n", "dev"},
    {"UnknownKeyInAnother", "profiles: {dev: {server: {lisen: x}}}\n",
     "a.yaml:1:27: unknown key \"lisen\" in profiles.dev.server; did you mean \"listen\"?\n"},
    {"WrongValue", "profiles: {dev: {routing: {floor: hihg}}}\n",
     "a.yaml:1:35: profiles.dev.routing.floor: expected low, medium or high; did you mean "
     "\"high\"?\n",
     "dev"},
    {"WrongValueInAnother", "profiles: {dev: {routing: {floor: hihg}}}\n",
     "a.yaml:1:35: profiles.dev.routing.floor: expected low, medium or high; did you mean "
     "\"high\"?\n"},
    {"WrongValueThatIsReplaced", "routing: {floor: x}\nprofiles: {dev: {routing: {floor: low}}}\n",
     "a.yaml:1:18: routing.floor: expected low, medium or high\n", "dev"},
    {"WrongListInAnother", "profiles: {dev: {models: {m: {targets: []}}}}\n",
     "a.yaml:1:40: profiles.dev.models.m.targets: expected a list of 1 to 8 texts, such as [a, "
     "b]\n"},
    {"RequiredOfAnEntryThatIsAdded", "profiles: {dev: {providers: {e: {local: true}}}}\n",
     "a.yaml:1:30: providers.e.base_url is required: an address that begins with http:// or "
     "https:// and names a host\n",
     "dev"},
    {"IncludeInside", "profiles: {dev: {include: good.yaml}}\n",
     "a.yaml:1:18: profiles.dev.include: stands at the top of a file only\n", "dev"},
    {"ProfilesInside", "profiles: {dev: {profiles: {}}}\n",
     "a.yaml:1:18: profiles.dev.profiles: stands at the top of a file only\n"},
    {"VariableOfTheChosen", "profiles: {dev: {data: '${NO_SUCH}'}}\n",
     "a.yaml:1:24: profiles.dev.data: the environment variable NO_SUCH is not set; set it, or "
     "write "
     "${NO_SUCH:-default}\n",
     "dev"},
    {"BadVariableInAnother", "profiles: {dev: {data: '${'}}\n",
     "a.yaml:1:24: profiles.dev.data: a ${ is never closed; write $${ for a plain ${\n"},
    {"NoValue", "profiles: {dev: {data: }}\n",
     "a.yaml:1:24: profiles.dev.data: has no value; expected a text (leave the key out for its "
     "default)\n",
     "dev"},
};

const BrokenFiles kSecrets[] = {
    {"FileMissing", Key("{ file: nope }"),
     "a.yaml:4:18: providers.e.key.file: the file cannot be opened: No such file or directory "
     "(relative paths begin at the file that names them)\n"},
    {"FileEmpty", Key("{ file: k/empty }"),
     "a.yaml:4:18: providers.e.key.file: the file is empty (relative paths begin at the file that "
     "names them)\n"},
    {"FileTooLarge", Key("{ file: k/large }"),
     "a.yaml:4:18: providers.e.key.file: the file is larger than 65536 bytes (relative paths begin "
     "at the file that names them)\n"},
    {"FileOfTwoLines", Key("{ file: k/two }"),
     "a.yaml:4:10: providers.e.key: holds a control character; is there a line break at its "
     "end?\n"},
    {"FileBinary", Key("{ file: k/binary }"),
     "a.yaml:4:10: providers.e.key: holds a control character; is there a line break at its "
     "end?\n"},
    {"FileWithoutName", Key("{ file: '' }"),
     "a.yaml:4:18: providers.e.key.file: expected a path, such as /run/secrets/openai\n"},
    {"FileIsAList", Key("{ file: [k/secret] }"),
     "a.yaml:4:18: providers.e.key.file: expected a path, such as /run/secrets/openai\n"},
    {"FileVariable", Key("{ file: '${DIR}/x' }"),
     "a.yaml:4:18: providers.e.key.file: the environment variable DIR is not set; set it, or write "
     "${DIR:-default}\n"},
    {"Misspelt", Key("{ fil: k/secret }"),
     "a.yaml:4:12: unknown key \"fil\" in providers.e.key; did you mean \"file\"?\n"},
    {"Shortened", Key("{ cmd: pass }"), "a.yaml:4:12: unknown key \"cmd\" in providers.e.key\n"},
    {"Empty", Key("{}"),
     "a.yaml:4:10: providers.e.key: expected { file: PATH } or { command: [PROGRAM, ARGUMENT] "
     "}\n"},
    {"Both", Key("{ file: k/secret, command: [pass] }"),
     "a.yaml:4:28: providers.e.key: file and command exclude each other; keep one\n"},
    {"CommandFails", Key("{ command: [pass, show, nobody] }"),
     "a.yaml:4:21: providers.e.key.command: the command failed with exit status 1\n"},
    {"CommandPrintsNothing", Key("{ command: ['true'] }"),
     "a.yaml:4:21: providers.e.key.command: the command prints nothing\n"},
    {"CommandEmpty", Key("{ command: [] }"),
     "a.yaml:4:21: providers.e.key.command: expected [PROGRAM, ARGUMENT, …], run without a shell, "
     "or a text for /bin/sh -c\n"},
    {"CommandIsASection", Key("{ command: {a: b} }"),
     "a.yaml:4:21: providers.e.key.command: expected [PROGRAM, ARGUMENT, …], run without a shell, "
     "or a text for /bin/sh -c\n"},
    {"CommandOfLists", Key("{ command: [pass, [show]] }"),
     "a.yaml:4:28: providers.e.key.command: expected a text\n"},
    {"CommandVariable", Key("{ command: [pass, '${WHO}'] }"),
     "a.yaml:4:28: providers.e.key.command: the environment variable WHO is not set; set it, or "
     "write "
     "${WHO:-default}\n"},
    {"AList", Key("[a]"),
     "a.yaml:4:10: providers.e.key: expected a secret text of at most 200 bytes, best as "
     "${VARIABLE} or { file: PATH }, found a list\n"},
    {"OnlyOfSecrets", "data: { file: k/secret }\n",
     "a.yaml:1:7: data: expected a text, found a section of keys\n"},
    {"FromHistory", Key("<kept secret>"),
     "a.yaml:4:10: providers.e.key: is what history keeps in place of a secret; use config "
     "restore, or write the secret\n"},
    {"AddressOfWrongKind", "routing: {store: {file: k/secret}}\n",
     "a.yaml:1:18: routing.store: expected an address that begins with redis:// or rediss:// and "
     "names a host\n"},
    {"MisspeltInAnotherProfile", "profiles: {dev: {providers: {e: {key: {fiel: x}}}}}\n",
     "a.yaml:1:40: unknown key \"fiel\" in profiles.dev.providers.e.key; did you mean \"file\"?\n"},
};

class BrokenFilesTest : public testing::TestWithParam<BrokenFiles> {};

TEST_P(BrokenFilesTest, IsRefusedWithEveryProblemInFull) {
  Pretend outside = MakeOutside();
  outside.files["a.yaml"] = GetParam().text;
  const Request request{.file = "a.yaml",
                        .environment = Environment({{"KEY", kCanary}}),
                        .profile = GetParam().profile};
  const auto loaded = Load(RootTable(), request, outside);
  EXPECT_EQ(Text(loaded.problems), GetParam().problems);
}

std::string Name(const testing::TestParamInfo<BrokenFiles>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Includes, BrokenFilesTest, testing::ValuesIn(kIncludes), Name);
INSTANTIATE_TEST_SUITE_P(Profiles, BrokenFilesTest, testing::ValuesIn(kProfiles), Name);
INSTANTIATE_TEST_SUITE_P(Secrets, BrokenFilesTest, testing::ValuesIn(kSecrets), Name);

}  // namespace
}  // namespace signalbox::config::sample
