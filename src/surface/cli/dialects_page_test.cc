#include "surface/cli/dialects_page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace signalbox::cli {
namespace {

TEST(DialectsPage, IsTheOneInTheDocuments) {
  std::ifstream file(std::string(SB_SOURCE_DIR) + "/docs/dialects.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(text.str() == DialectsPage())
      << "docs/dialects.md is not what the program prints; write it again with scripts/write_docs";
}

}  // namespace
}  // namespace signalbox::cli
