// Broken configurations as a table: a text, where the first problem is, and what it must say.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "base/config/load.h"
#include "base/config/sample_table.h"

namespace signalbox::config::sample {

struct Broken {
  const char* name;
  std::string text;
  std::string place;     // "line:column"; empty: the problem has no line
  std::string fragment;  // of the message with its suggestion
};

inline void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.name;
}

// The first problem must be at the place and say the fragment, and the file must have no other.
inline void ExpectBroken(const Broken& broken, const Environment& environment = {}) {
  const auto loaded = LoadText(RootTable(), TextInput{"test.yaml", broken.text}, environment);
  ASSERT_FALSE(loaded.ok()) << "this was accepted:\n" << broken.text;
  const std::string all = Text(loaded.problems);
  EXPECT_EQ(loaded.problems.size(), 1U) << all;
  const std::string first = loaded.problems.front().Text();
  const std::string start =
      broken.place.empty() ? "test.yaml: " : "test.yaml:" + broken.place + ": ";
  EXPECT_TRUE(first.starts_with(start)) << first << "\nexpected at " << start;
  EXPECT_NE(first.find(broken.fragment), first.npos) << first << "\nexpected " << broken.fragment;
}

inline std::string CaseName(const testing::TestParamInfo<Broken>& info) {
  return info.param.name;
}

}  // namespace signalbox::config::sample
