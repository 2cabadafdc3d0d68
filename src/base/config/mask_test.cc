#include "base/config/mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/config/load.h"
#include "base/config/sample_table.h"

namespace signalbox::config::sample {
namespace {

using testing::HasSubstr;
using testing::Not;

const TableData& Table() {
  return *RootTable().data();
}

std::string Out(const std::string& text) {
  return TakeSecretsOut(Table(), text).value_or("(not kept)");
}

// However a secret is written, it goes, and nothing else does.
TEST(Mask, TakesSecretsOutOfEveryFormOfText) {
  const std::string before = "# ü\nproviders:\n  e:\n    base_url: http://h\n    key: ";
  const std::string after = "\n    local: true  # comment\ndata: x\n";
  for (const char* form :
       {"canary-9f3b", "\"canary-9f3b\"", "'canary-9f3b'", "\"can\\u0061ry-9f3b\"",
        "\"canary-\\\n      9f3b\"", "'can''ary-9f3b'", "|-\n      canary-9f3b",
        ">-\n      canary-\n      9f3b", "canary\n      9f3b", "${KEY:-canary-9f3b}",
        "\"x${KEY}canary-9f3b\"", "&k canary-9f3b", "&k 'canary-9f3b'"}) {
    const bool anchored = form[0] == '&';
    EXPECT_EQ(Out(before + form + after),
              before + (anchored ? "&k " : "") + "\"<kept secret>\"" + after)
        << form;
  }
}

TEST(Mask, LeavesReferencesAndTheWordNone) {
  for (const char* form : {"${KEY}", "\"${KEY}\"", "${KEY:-}", "{ file: k }", "none", "''",
                           "{ command: [pass, show, x] }"}) {
    const std::string text =
        std::string("providers: {e: {base_url: 'http://h', key: ") + form + "}}\n# ${KEY}\n";
    EXPECT_EQ(Out(text), text);
  }
}

TEST(Mask, FindsThemInFlowProfilesAddressesAndRepetitions) {
  EXPECT_EQ(Out("profiles: {p: {providers: {e: {key: canary-9f3b, local: true}}}}\n"),
            "profiles: {p: {providers: {e: {key: \"<kept secret>\", local: true}}}}\n");
  EXPECT_EQ(Out("routing:\r\n  store: redis://:canary-9f3b@h\r\n"),
            "routing:\r\n  store: \"<kept secret>\"\r\n");
  EXPECT_EQ(Out("providers:\n  a: {key: &k canary-9f3b}\n  b: {key: *k}\n# was canary-9f3b\n"),
            "providers:\n  a: {key: &k \"<kept secret>\"}\n  b: {key: *k}\n# was <kept secret>\n");
}

TEST(Mask, IsNotConfusedByItsOwnMark) {
  for (const char* key : {"<kept secret>", "kept secret"}) {
    const std::string text = std::string("providers: {e: {key: \"") + key + "\"}}\n";
    EXPECT_EQ(Out(text), "providers: {e: {key: \"<kept secret>\"}}\n");
  }
  EXPECT_EQ(Out("providers: {e: {key: '<kept secret><kept secret>x'}}\n"),
            "providers: {e: {key: \"<kept secret>\"}}\n");
}

TEST(Mask, PutsBackWhatStandsThereNow) {
  const std::string kept =
      Out("providers:\n  a: {base_url: 'http://old', key: canary-old}\n"
          "profiles: {p: {providers: {a: {key: 'canary-p'}}}}\n");
  const auto text =
      PutSecretsBack(Table(), kept,
                     {{"x", "providers: {a: {key: \"can\\\"ary\\\\-new\"}}\n"},
                      {"y", "profiles: {p: {providers: {a: {key: '${P:-new-p}'}}}}\n"}});
  EXPECT_EQ(text.value(),
            "providers:\n  a: {base_url: 'http://old', key: \"can\\\"ary\\\\-new\"}\n"
            "profiles: {p: {providers: {a: {key: \"${P:-new-p}\"}}}}\n");
  const auto loaded = LoadText(RootTable(), TextInput{"t", *text});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.providers.at("a").key.Reveal(), "can\"ary\\-new");
}

TEST(Mask, NamesTheSecretThatStandsNowhere) {
  const std::string kept = Out("providers: {a: {key: canary-9f3b}}\n");
  EXPECT_EQ(PutSecretsBack(Table(), kept, {{"x", "providers: {a: {key: '${K}'}}\n"}}).error(),
            "providers.a.key");
  EXPECT_EQ(PutSecretsBack(Table(), kept, {}).error(), "providers.a.key");
}

}  // namespace
}  // namespace signalbox::config::sample
