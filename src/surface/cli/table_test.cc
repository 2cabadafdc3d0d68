#include "surface/cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace signalbox::cli {
namespace {

Table Models() {
  Table table({{.heading = "MODEL", .least = 8},
               {.heading = "PROVIDER", .leave_out = 1},
               {.heading = "INPUT", .right = true},
               {.heading = "WHY", .least = 6, .leave_out = 2}});
  table.Add({{"gpt-4o"}, {"openai"}, {"2.5"}, {"deprecated", Paint::kWarn}});
  table.Add({{"llama-3.3-70b-instruct-turbo"}, {"together"}, {"unknown"}, {""}});
  return table;
}

TEST(Table, AlignsColumnsOnATerminal) {
  EXPECT_EQ(Models().Rendered({.columns = 80}),
            "MODEL                         PROVIDER    INPUT  WHY\n"
            "gpt-4o                        openai        2.5  deprecated\n"
            "llama-3.3-70b-instruct-turbo  together  unknown\n");
}

TEST(Table, SeparatesFieldsWithTabsInAPipe) {
  EXPECT_EQ(Models().Rendered({}),
            "gpt-4o\topenai\t2.5\tdeprecated\n"
            "llama-3.3-70b-instruct-turbo\ttogether\tunknown\t\n");
}

TEST(Table, FitsIntoFortyColumns) {
  const std::string text = Models().Rendered({.columns = 40});
  EXPECT_EQ(text,
            "MODEL      PROVIDER    INPUT  WHY\n"
            "gpt-4o     openai        2.5  deprecated\n"
            "llama-3.…  together  unknown\n");
}

TEST(Table, LeavesTheLeastImportantOutWhenShrinkingIsNotEnough) {
  EXPECT_EQ(Models().Rendered({.columns = 20}),
            "MODEL          INPUT\n"
            "gpt-4o           2.5\n"
            "llama-3.3-…  unknown\n");
  EXPECT_NE(Models().Rendered({.columns = 3}).find("unknown"), std::string::npos);
}

TEST(Table, NoLineIsWiderThanTheTerminal) {
  for (int columns = 17; columns < 90; ++columns) {
    std::istringstream lines(Models().Rendered({.columns = columns, .colour = true}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(Width(line), columns) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(Table, KeepsOneRowOnOneLineWhateverItSays) {
  Table table({{.heading = "A"}, {.heading = "B"}});
  table.Add({{"one\ttwo"}, {"three\nfour"}});
  EXPECT_EQ(table.Rendered({}), "one two\tthree four\n");
}

TEST(Table, AlignsWideCharacters) {
  Table table({{.heading = "A"}, {.heading = "B"}});
  table.Add({{"模型"}, {"x"}});
  table.Add({{"ab"}, {"y"}});
  EXPECT_EQ(table.Rendered({.columns = 80}), "A     B\n模型  x\nab    y\n");
}

}  // namespace
}  // namespace signalbox::cli
