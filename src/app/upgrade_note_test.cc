#include "app/upgrade_note.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/config/temp_folder_testing.h"

namespace signalbox::app {
namespace {

TEST(UpgradeNote, IsReadAsItWasWrittenAndNumbered) {
  const config::sample::TempFolder folder;
  const std::string data = folder.path();
  EXPECT_FALSE(ReadUpgradeNote(data).has_value());
  WriteUpgradeNote(data, {.ok = false, .reason = "signalbox.yaml:3:1: \"x\" is wrong\n"});
  WriteUpgradeNote(data, {.ok = true, .from_version = "1.0", .to_version = "1.1", .pid = 77});
  const auto note = ReadUpgradeNote(data);
  ASSERT_TRUE(note.has_value());
  EXPECT_TRUE(note->ok);
  EXPECT_EQ(note->from_version, "1.0");
  EXPECT_EQ(note->to_version, "1.1");
  EXPECT_EQ(note->pid, 77);
  EXPECT_EQ(note->number, 2U);
  WriteUpgradeNote(data, {.ok = false, .reason = "signalbox.yaml:3:1: \"x\" is wrong\n"});
  EXPECT_EQ(ReadUpgradeNote(data)->reason, "signalbox.yaml:3:1: \"x\" is wrong\n");
}

TEST(UpgradeNote, ADamagedOneIsNone) {
  const config::sample::TempFolder folder;
  std::ofstream(folder.path() + "/last-upgrade.json") << "{\"ok\": tr";
  EXPECT_FALSE(ReadUpgradeNote(folder.path()).has_value());
}

}  // namespace
}  // namespace signalbox::app
