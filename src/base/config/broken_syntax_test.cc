// Texts that are no YAML, or YAML that a configuration does without.
#include "base/config/broken_cases.h"
#include "base/config/yaml.h"

namespace signalbox::config::sample {
namespace {

std::string Laughs(int levels) {
  std::string text = "a0: &a0 [lol]\n";
  for (int i = 1; i <= levels; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) {
      text += (j > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    }
    text += "]\n";
  }
  return text;
}

const Broken kSyntax[] = {
    {"FlowMapNeverClosed", "server: {listen: \"h:1\"\n", "2:1", "expected , or }"},
    {"FlowListNeverClosed", "models: {m: {targets: [a, b}}\n", "1:28", "closing ] or }"},
    {"DoubleQuoteNeverClosed", "data: \"abc\n", "1:7", "a quote is never closed"},
    {"SingleQuoteNeverClosed", "data: 'abc\n", "1:7", "a quote is never closed"},
    {"QuoteClosedByNothingLater", "data: 'it''s\nserver: {}\n", "1:7", "a quote is never closed"},
    {"AnchoredQuoteNeverClosed", "data: &d \"abc\\\"\n", "1:7", "a quote is never closed"},
    {"KeyQuoteNeverClosed", "{\"data\n", "1:2", "a quote is never closed"},
    {"TabIndentation", "server:\n\tlisten: \"h:1\"\n", "2:1", "tab"},
    {"StrayClosingBrace", "data: x\n}\n", "2:1", "closing ] or }"},
    {"WrongIndentation", "server:\n  workers: 2\n drain: 2s\n", "3:2", "indentation"},
    {"MissingColon", "data x\nserver: {}\n", "2:7", "cannot stand here"},
    {"OnlyAWord", "data\n", "1:1", "expected a section of keys, found a single value"},
    {"MissingSpaceAfterColon", "data:x\n", "1:1", "expected a section of keys"},
    {"RootIsAList", "- data\n", "1:1", "expected a section of keys, found a list"},
    {"RootIsANumber", "42\n", "1:1", "expected a section of keys, found a single value"},
    {"TwoColons", "data: a: b\n", "1:8", "cannot stand here"},
    {"ListItemInMap", "server:\n  workers: 2\n  - drain\n", "3:3",
     "expected a key of this section here"},
    {"BadEscape", "data: \"a\\qb\"\n", "1:11", "unknown escape"},
    {"BadHexEscape", "data: \"a\\xzz\"\n", "1:13", "hexadecimal"},
    {"SurrogateEscape", "data: \"a\\ud800\"\n", "1:15", "no Unicode character"},
    {"UnknownAlias", "data: *nowhere\n", "1:7", "without its anchor"},
    {"AliasWithoutName", "data: *\n", "1:8", "quote text that begins with *"},
    {"AnchorWithoutName", "data: & x\n", "1:8", "quote text that begins with &"},
    {"AtSign", "data: @x\n", "1:7", "cannot begin a value"},
    {"Backtick", "data: `x`\n", "1:7", "cannot begin a value"},
    {"BadBlockHeader", "data: |x\n  y\n", "1:8", "block header"},
    {"SelfAlias", "data: &a [*a]\n", "1:11", "inside of what it stands for"},
    {"MapSelfAlias", "providers: &p\n  a: *p\n", "2:6", "inside of what it stands for"},
    {"BillionLaughs", Laughs(9), "6:25", "more than 100000 values"},
    {"TooDeep", "data: " + std::string(40, '[') + std::string(40, ']') + "\n", "1:38",
     "nested deeper than 32"},
    {"FarTooDeep", "data: " + std::string(200'000, '[') + "\n", "1:23", "nested deeper than 32"},
    {"SecondDocument", "data: a\n---\ndata: b\n", "2:1", "a second document"},
    {"SecondEmptyDocument", "data: a\n---\n", "2:1", "a second document"},
    {"DocumentAfterEnd", "data: a\n...\ndata: b\n", "3:1", "a second document"},
    {"CustomTag", "data: !env NAME\n", "1:7", "tags"},
    {"StandardTag", "server: {workers: !!int 2}\n", "1:19", "tags"},
    {"TagOnASection", "server: !x {workers: 2}\n", "1:9", "tags"},
    {"TagOnAList", "models: {m: {targets: !x [a]}}\n", "1:23", "tags"},
    {"MergeKey", "server:\n  <<: {workers: 2}\n", "2:3", "merge keys"},
    {"ListAsKey", "? [a]\n: b\n", "1:3", "a key must be a plain text"},
    {"NullKey", "~: b\n", "1:1", "a key must be a plain text"},
    {"MapAsKey", "{{a: b}: c}\n", "1:2", "a key must be a plain text"},
    {"DuplicateKey", "data: a\ndata: b\n", "2:1",
     "duplicate key \"data\", first written in line 1"},
    {"DuplicateSection", "server: {}\ndata: x\nserver: {}\n", "3:1", "duplicate key \"server\""},
    {"DuplicateInFlowMap", "server: {workers: 2, drain: 2s, workers: 3}\n", "1:33",
     "duplicate key \"workers\""},
    {"DuplicateQuoted", "data: a\n\"data\": b\n", "2:1", "duplicate key \"data\""},
    {"DuplicateByEscape", "data: a\n\"d\\u0061ta\": b\n", "2:1", "duplicate key \"data\""},
    {"DuplicateEntry",
     "providers:\n  a: {base_url: \"http://h\"}\n  b: {base_url: \"http://h\"}\n"
     "  a: {base_url: \"http://h\"}\n",
     "4:3", "duplicate key \"a\", first written in line 2"},
    {"DuplicateKeyInUnknownPlaceIsItsOwn", "models: {m: {targets: [{a: 1}]}}\n", "1:24",
     "models.m.targets[0]: expected a text, found a section"},
    {"NotUtf8", std::string("data: a\xff\n"), "1:8", "not UTF-8"},
    {"OverlongUtf8", std::string("data: \xc0\xaf\n"), "1:7", "not UTF-8"},
    {"SurrogateUtf8", std::string("data: \xed\xa0\x80\n"), "1:7", "not UTF-8"},
    {"CutUtf8", std::string("data: \xe2\x82"), "1:7", "not UTF-8"},
    {"Utf16",
     std::string("\xff\xfe"
                 "d\0a\0",
                 6),
     "1:1", "not UTF-8"},
    {"Nul", std::string("data: a\0b\n", 10), "1:8", "a control character"},
    {"EndOfTransmission", "data: a\x04\nunknown: b\n", "1:8", "a control character"},
    {"Escape", "data: \x1b[31m\n", "1:7", "a control character"},
    {"Delete", "data: a\x7f\n", "1:8", "a control character"},
    {"TooLarge", "data: " + std::string(kMaxFileBytes, 'x'), "", "larger than 1048576 bytes"},
    {"ColumnsCountCharacters", "server: {\"größe\": 1, \"größe\": 2}\n", "1:22", "duplicate"},
    {"ByteOrderMarkCountsNothing",
     "\xEF\xBB\xBF"
     "dta: 1\n",
     "1:1", "did you mean \"data\""},
    {"CarriageReturns", "data: a\r\nserver:\r\n  wrkers: 2\r\n", "3:3", "\"workers\""},
};

class SyntaxTest : public testing::TestWithParam<Broken> {};

TEST_P(SyntaxTest, IsRefusedAtItsPlace) {
  Broken broken = GetParam();
  if (broken.name == std::string("ColumnsCountCharacters")) {
    // The unknown key itself is a second problem; only the duplicate's place matters here.
    std::vector<Problem> problems;
    ASSERT_TRUE(ParseYaml("test.yaml", broken.text, problems));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_TRUE(problems[0].Text().starts_with("test.yaml:" + broken.place)) << problems[0].Text();
    return;
  }
  ExpectBroken(broken);
}

INSTANTIATE_TEST_SUITE_P(Yaml, SyntaxTest, testing::ValuesIn(kSyntax), CaseName);

}  // namespace
}  // namespace signalbox::config::sample
