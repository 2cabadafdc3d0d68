#include <gtest/gtest.h>

#include "base/config/diff.h"
#include "base/config/load.h"
#include "base/config/show.h"

namespace signalbox::config {
namespace {

struct Store {
  std::string from = "here";
  std::string records;
};

struct Root {
  Store store;
};

const Table<Root>& RootTable() {
  static const auto store = Table<Store>("store", "Where records are.")
                                .Add("from", &Store::from, {.doc = "Where from.", .max = 5})
                                .Add("records", &Store::records, {.doc = "An address."})
                                .Short("from");
  static const auto table = Table<Root>("root", "All.").Sub("store", &Root::store, store);
  return table;
}

Loaded<Root> Read(const std::string& text) {
  return LoadText(RootTable(), TextInput{"a.yaml", text});
}

TEST(Short, AWordInPlaceOfTheSectionIsItsOption) {
  const auto loaded = Read("store: env\n");
  EXPECT_EQ(Text(loaded.problems), "");
  EXPECT_EQ(loaded.value.store.from, "env");
  EXPECT_EQ(loaded.sources.Find("store.from").Text(), "a.yaml:1");
}

TEST(Short, TheWholeSectionMayStandThereStill) {
  EXPECT_EQ(Read("store:\n  from: env\n  records: x\n").value.store.records, "x");
}

TEST(Short, AWrongWordIsToldWithItsPlaceAndOption) {
  EXPECT_EQ(Text(Read("store: elsewhere\n").problems),
            "a.yaml:1:8: store.from: expected a text of at most 5 bytes\n");
}

TEST(Short, AListIsNoSection) {
  EXPECT_EQ(Text(Read("store: [env]\n").problems),
            "a.yaml:1:8: store: expected a section of keys, found a list\n");
}

TEST(Short, TheSchemaAllowsBoth) {
  const std::string schema = Schema(RootTable());
  EXPECT_NE(schema.find("\"store\":{\"description\":\"Where records are.\",\"anyOf\":[{\"$ref\":"),
            std::string::npos)
      << schema;
}

}  // namespace
}  // namespace signalbox::config
