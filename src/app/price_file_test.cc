#include "app/price_file.h"

#include <gtest/gtest.h>

#include "base/config/temp_folder_testing.h"

namespace signalbox::app {
namespace {

TEST(PriceFile, IsReadAsItIs) {
  const config::sample::TempFolder data;
  EXPECT_FALSE(ReadPriceFile(PriceFile(data.path())));
  const std::string rows = std::string("a\0b\n", 4);
  data.Write("prices.rows", rows);
  EXPECT_EQ(ReadPriceFile(PriceFile(data.path())), rows);
}

}  // namespace
}  // namespace signalbox::app
