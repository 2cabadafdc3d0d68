#include <gtest/gtest.h>

#include "base/config/load.h"

namespace signalbox::config {
namespace {

struct Section {
  std::string listen;
};

const Table<Section>& SectionTable() {
  static const auto table = Table<Section>("section", "A section.")
                                .Add("listen", &Section::listen, {.doc = "Address and port."})
                                .Instead("lisen_port", "host and port are one key: listen");
  return table;
}

std::string Problems(const std::string& text) {
  return Text(LoadText(SectionTable(), TextInput{"a.yaml", text}).problems);
}

TEST(Instead, AKeyThatIsNoneAnyMoreIsAnsweredWithWhatToWrite) {
  EXPECT_EQ(Problems("lisen_port: 8080\n"),
            "a.yaml:1:1: unknown key \"lisen_port\"; host and port are one key: listen\n");
}

TEST(Instead, OtherKeysGetTheNearestAsBefore) {
  EXPECT_EQ(Problems("lisen: x\n"),
            "a.yaml:1:1: unknown key \"lisen\"; did you mean \"listen\"?\n");
}

}  // namespace
}  // namespace signalbox::config
