// YAML that is well formed and wrong: keys nobody knows, values of another kind or out of bounds.
#include "base/config/broken_cases.h"

namespace signalbox::config::sample {
namespace {

// One provider with `text` among its keys.
std::string Provider(const std::string& text) {
  return "providers:\n  edge:\n    base_url: http://h:1/v1\n    " + text + "\n";
}

const Broken kKeys[] = {
    {"UnknownAtTop", "servr: {}\n", "1:1", "unknown key \"servr\"; did you mean \"server\"?"},
    {"UnknownInSection", "server:\n  lisen: \"h:1\"\n", "2:3",
     "unknown key \"lisen\" in server; did you mean \"listen\"?"},
    {"UnknownInSubSection", "server:\n  limits:\n    heads: 1KiB\n", "3:5",
     "in server.limits; did you mean \"head\"?"},
    {"UnknownInEntry", Provider("base_uri: x"), "4:5",
     "in providers.edge; did you mean \"base_url\"?"},
    {"UnknownInOddlyNamedEntry", "models:\n  gpt-4.1: {target: []}\n", "2:13",
     "in models[\"gpt-4.1\"]; did you mean \"targets\"?"},
    {"DashForUnderscore", "server: {access-log: true}\n", "1:10", "did you mean \"access_log\"?"},
    {"CapitalLetters", "Server: {}\n", "1:1", "did you mean \"server\"?"},
    {"SwappedLetters", "routing: {flooor: low}\n", "1:11", "did you mean \"floor\"?"},
    {"NothingNear", "xyzzy: 1\n", "1:1", "unknown key \"xyzzy\""},
    {"KnownElsewhere", "listen: \"h:1\"\n", "1:1", "did you mean \"server.listen\"?"},
    {"KnownDeeper", "head: 1KiB\n", "1:1", "did you mean \"server.limits.head\"?"},
    {"EmptyKey", "\"\": 1\n", "1:1", "unknown key \"\""},
    {"LongKeyIsCut", std::string(100, 'k') + ": 1\n", "1:1", std::string(64, 'k') + "…"},
    {"TerminalCodesInKey", "\"\\e[31m\": 1\n", "1:1", "unknown key \"?[31m\""},
    {"BadEntryName", "models: {\"a b\": {}}\n", "1:10", "the name of a model is letters"},
    {"EmptyEntryName", "models: {\"\": {}}\n", "1:10", "the name of a model is letters"},
    {"LongEntryName", "models: {" + std::string(129, 'n') + ": {}}\n", "1:10", "at most 128"},
    {"RequiredMissing", "providers:\n  edge: {local: true}\n", "2:3",
     "providers.edge.base_url is required: an address"},
    {"RequiredMissingInEmptyEntry", "providers:\n  edge:\n", "2:3", "base_url is required"},
};

const Broken kShapes[] = {
    {"ScalarForSection", "server: 8080\n", "1:9",
     "server: expected a section of keys, found a single value"},
    {"ListForSection", "server: [a]\n", "1:9", "found a list"},
    {"ScalarForEntries", "providers: openai\n", "1:12",
     "providers: expected a section of provider entries by name, found a single value"},
    {"ListForEntries", "providers:\n  - openai\n", "2:3", "found a list"},
    {"ScalarForEntry", "models: {fast: gpt}\n", "1:16", "models.fast: expected a section of keys"},
    {"SectionForScalar", "data: {path: x}\n", "1:7",
     "data: expected a text, found a section of keys"},
    {"ListForScalar", "server: {workers: [2]}\n", "1:19", "found a list"},
    {"ScalarForList", "models: {m: {targets: gpt}}\n", "1:23",
     "models.m.targets: expected a list of 1 to 8 texts, such as [a, b], found a single value"},
    {"SectionForList", "models: {m: {targets: {a: b}}}\n", "1:23", "found a section of keys"},
    {"ListInList", "models: {m: {targets: [[a]]}}\n", "1:24",
     "targets[0]: expected a text, found a list"},
    {"NothingInList", "models: {m: {targets: [a, ~]}}\n", "1:27",
     "targets[1]: expected a text, found nothing"},
    {"EmptyItem", "models: {m: {targets: [\"\"]}}\n", "1:23", "no empty items"},
    {"EmptyList", "models: {m: {targets: []}}\n", "1:23", "expected a list of 1 to 8 texts"},
    {"LongList", "models: {m: {targets: [a, b, c, d, e, f, g, h, i]}}\n", "1:23", "1 to 8 texts"},
    {"NoValue", "server:\n  listen:\n", "2:3", "has no value; expected a host and a port"},
    {"NullValue", "server: {workers: null}\n", "1:19", "has no value; expected a whole number"},
};

const Broken kNumbers[] = {
    {"WordForBool", "routing: {enabled: maybe}\n", "1:20", "expected true or false"},
    {"YesForBool", "routing: {enabled: yes}\n", "1:20", "did you mean \"true\"?"},
    {"OffForBool", "routing: {enabled: off}\n", "1:20", "did you mean \"false\"?"},
    {"CapitalBool", "routing: {enabled: True}\n", "1:20", "did you mean \"true\"?"},
    {"NumberForBool", "routing: {enabled: 0}\n", "1:20", "did you mean \"false\"?"},
    {"WordForInt", "server: {workers: many}\n", "1:19",
     "server.workers: expected a whole number from 1 to 256, or auto"},
    {"WrongWordForInt", "server: {workers: atuo}\n", "1:19", "did you mean \"auto\"?"},
    {"IntTooSmall", "server: {workers: 0}\n", "1:19", "from 1 to 256"},
    {"IntTooLarge", "server: {workers: 257}\n", "1:19", "from 1 to 256"},
    {"IntNegative", "server: {workers: -1}\n", "1:19", "from 1 to 256"},
    {"IntWithFraction", "server: {workers: 1.5}\n", "1:19", "a whole number"},
    {"IntWithExponent", "server: {workers: 1e2}\n", "1:19", "a whole number"},
    {"IntHexadecimal", "server: {workers: 0x10}\n", "1:19", "a whole number"},
    {"IntOctal", "server: {workers: 010}\n", "1:19", "a whole number"},
    {"IntWithUnderscore", "server: {workers: 1_0}\n", "1:19", "a whole number"},
    {"IntWithPlus", "server: {workers: +3}\n", "1:19", "a whole number"},
    {"IntEmpty", "server: {workers: \"\"}\n", "1:19", "a whole number"},
    {"IntWithSpace", "server: {workers: \"3 \"}\n", "1:19", "a whole number"},
    {"IntOver64Bits", "routing: {offset: 9223372036854775808}\n", "1:19", "a whole number"},
    {"IntUnder64Bits", "routing: {offset: -9223372036854775809}\n", "1:19", "a whole number"},
    {"UnsignedNegative", "routing: {seed: -1}\n", "1:17", "a whole number of at least 0"},
    {"UnsignedOver64Bits", "routing: {seed: 18446744073709551616}\n", "1:17", "a whole number"},
    {"SixteenBits", "server: {limits: {fields: 65536}}\n", "1:27",
     "a whole number of fields from 1 to 65535"},
    {"WordForDouble", "routing: {percentage: all}\n", "1:23",
     "expected a number of percent from 0 to 100"},
    {"DoubleTooLarge", "routing: {percentage: 100.5}\n", "1:23", "from 0 to 100"},
    {"DoubleWithPercent", "routing: {percentage: 50%}\n", "1:23", "from 0 to 100"},
    {"NotANumber", "routing: {percentage: nan}\n", "1:23", "from 0 to 100"},
    {"YamlInfinity", "routing: {percentage: .inf}\n", "1:23", "from 0 to 100"},
    {"Comma", "routing: {percentage: \"0,5\"}\n", "1:23", "from 0 to 100"},
    {"WrongName", "routing: {floor: hihg}\n", "1:18",
     "expected low, medium or high; did you mean \"high\"?"},
    {"NameInCapitals", "routing: {floor: LOW}\n", "1:18", "did you mean \"low\"?"},
};

const Broken kTexts[] = {
    {"DurationWithoutUnit", "server: {drain: 30}\n", "1:17",
     "server.drain: expected a duration from 1s to 1h, such as"},
    {"DurationUnknownUnit", "server: {drain: 30min}\n", "1:17", "a duration"},
    {"DurationCapitalUnit", "server: {drain: 30S}\n", "1:17", "a duration"},
    {"DurationWithSpace", "server: {drain: 30 s}\n", "1:17", "a duration"},
    {"DurationFraction", "server: {drain: 1.5s}\n", "1:17", "a duration"},
    {"DurationNegative", "server: {drain: -1s}\n", "1:17", "a duration"},
    {"DurationTooShort", "server: {drain: 999ms}\n", "1:17", "from 1s to 1h"},
    {"DurationTooLong", "server: {drain: 61m}\n", "1:17", "from 1s to 1h"},
    {"DurationOverflow", "server: {drain: 9999999999999d}\n", "1:17", "from 1s to 1h"},
    {"DurationTooFine", Provider("timeout: 1500ms"), "4:14", "expected whole steps of 1s"},
    {"SizeWithoutUnit", "server: {limits: {head: 4096}}\n", "1:25",
     "expected a size from 1KiB to 1MiB, such as"},
    {"SizeUnknownUnit", "server: {limits: {head: 4Kb}}\n", "1:25", "a size"},
    {"SizeTooLarge", "server: {limits: {head: 2MiB}}\n", "1:25", "from 1KiB to 1MiB"},
    {"SizeOverflow", "server: {limits: {body: 99999999999TiB}}\n", "1:25", "a size"},
    {"ListenWithoutPort", "server: {listen: localhost}\n", "1:18", "a host and a port"},
    {"ListenWithoutHost", "server: {listen: \":8080\"}\n", "1:18", "a host and a port"},
    {"ListenPortOnly", "server: {listen: 8080}\n", "1:18", "a host and a port"},
    {"PortTooLarge", "server: {listen: \"h:65536\"}\n", "1:18", "a host and a port"},
    {"PortEmpty", "server: {listen: \"h:\"}\n", "1:18", "a host and a port"},
    {"BareIpv6", "server: {listen: \"::1:80\"}\n", "1:18", "a host and a port"},
    {"BadIpv6", "server: {listen: \"[::g]:80\"}\n", "1:18", "a host and a port"},
    {"BadIpv4", "server: {listen: \"127.0.0.256:80\"}\n", "1:18", "a host and a port"},
    {"Ipv4AsOneNumber", "server: {listen: \"2130706433:80\"}\n", "1:18", "a host and a port"},
    {"Ipv4Octal", "server: {listen: \"0177.1:80\"}\n", "1:18", "a host and a port"},
    {"Ipv4Hexadecimal", "server: {listen: \"0x7f000001:80\"}\n", "1:18", "a host and a port"},
    {"HostWithSpace", "server: {listen: \"a b:80\"}\n", "1:18", "a host and a port"},
    {"HostEmptyLabel", "server: {listen: \"a..b:80\"}\n", "1:18", "a host and a port"},
    {"UrlWithoutScheme", "providers: {e: {base_url: example.com}}\n", "1:27",
     "begins with http:// or https://"},
    {"UrlOtherScheme", "providers: {e: {base_url: \"ftp://h\"}}\n", "1:27", "http:// or https://"},
    {"UrlWithoutHost", "providers: {e: {base_url: \"http:///v1\"}}\n", "1:27", "names a host"},
    {"UrlWithSpace", "providers: {e: {base_url: \"http://h/a b\"}}\n", "1:27", "an address"},
    {"UrlWithFragment", "providers: {e: {base_url: \"http://h/#a\"}}\n", "1:27", "an address"},
    {"UrlBadPort", "providers: {e: {base_url: \"http://h:x\"}}\n", "1:27", "an address"},
    {"UrlWithPassword", "providers: {e: {base_url: \"http://u:p@h\"}}\n", "1:27",
     "user or password"},
    {"TextTooLong", Provider("type: " + std::string(41, 'x')), "4:11", "a text of 1 to 40 bytes"},
    {"TextEmpty", Provider("type: \"\""), "4:11", "a text of 1 to 40 bytes"},
    {"TextWithBell", Provider("type: \"a\\ab\""), "4:11", "control character"},
    {"SecretWithLineBreak", Provider("key: \"a\\n\""), "4:10", "is there a line break at its end?"},
    {"SecretTooLong", Provider("key: " + std::string(201, 'x')), "4:10", "at most 200 bytes"},
    {"SecretFromShow", Provider("key: <set>"), "4:10", "config show"},
};

const Broken kVariables[] = {
    {"VariableNotSet", Provider("key: ${NO_SUCH_KEY}"), "4:10",
     "providers.edge.key: the environment variable NO_SUCH_KEY is not set"},
    {"VariableMisspelt", Provider("key: ${UPSTREM_KEY}"), "4:10", "did you mean \"UPSTREAM_KEY\"?"},
    {"VariableNeverClosed", "data: \"a${UPSTREAM_KEY\"\n", "1:7", "never closed"},
    {"VariableWithoutName", "data: \"${}\"\n", "1:7", "expected ${NAME}"},
    {"VariableBadName", "data: \"${a-b}\"\n", "1:7", "expected ${NAME}"},
    {"VariableOnlyDefault", "data: \"${:-x}\"\n", "1:7", "expected ${NAME}"},
    {"VariableOfWrongKind", "server: {workers: \"${UPSTREAM_KEY}\"}\n", "1:19", "a whole number"},
    {"VariableInList", "models: {m: {targets: [a, \"${NOPE}\"]}}\n", "1:27",
     "models.m.targets[1]: the environment variable NOPE is not set"},
    {"DefaultOfWrongKind", "server: {workers: \"${NOPE:-x}\"}\n", "1:19", "a whole number"},
    {"VariableInKeyIsNone", "\"${UPSTREAM_KEY}\": x\n", "1:1", "unknown key \"${UPSTREAM_KEY}\""},
};

class BrokenTest : public testing::TestWithParam<Broken> {};

TEST_P(BrokenTest, IsRefusedAtItsPlace) {
  ExpectBroken(GetParam(), Environment({{"UPSTREAM_KEY", "canary-9f3b"}}));
}

INSTANTIATE_TEST_SUITE_P(Keys, BrokenTest, testing::ValuesIn(kKeys), CaseName);
INSTANTIATE_TEST_SUITE_P(Shapes, BrokenTest, testing::ValuesIn(kShapes), CaseName);
INSTANTIATE_TEST_SUITE_P(Numbers, BrokenTest, testing::ValuesIn(kNumbers), CaseName);
INSTANTIATE_TEST_SUITE_P(Texts, BrokenTest, testing::ValuesIn(kTexts), CaseName);
INSTANTIATE_TEST_SUITE_P(Variables, BrokenTest, testing::ValuesIn(kVariables), CaseName);

}  // namespace
}  // namespace signalbox::config::sample
