#include "app/reload_note.h"

#include <gtest/gtest.h>

#include "base/config/temp_folder_testing.h"

namespace signalbox::app {
namespace {

TEST(ReloadNote, IsReadAsItWasWritten) {
  const config::sample::TempFolder data;
  data.Write("config-history/.keep", "");
  const std::string text = "models.fast: \"a\" -> 'b'\n\ttwo lines\n";
  WriteReloadNote(data.path(), {.ok = false, .text = text});
  const auto note = ReadReloadNote(data.path());
  ASSERT_TRUE(note);
  EXPECT_FALSE(note->ok);
  EXPECT_EQ(note->text, text);
}

TEST(ReloadNote, CountsTheReloads) {
  const config::sample::TempFolder data;
  data.Write("config-history/.keep", "");
  for (std::uint64_t number = 1; number <= 3; ++number) {
    WriteReloadNote(data.path(), {.ok = true, .text = ""});
    ASSERT_TRUE(ReadReloadNote(data.path()));
    EXPECT_EQ(ReadReloadNote(data.path())->number, number);
  }
}

TEST(ReloadNote, IsNotThereWhereNothingWasWritten) {
  const config::sample::TempFolder data;
  EXPECT_FALSE(ReadReloadNote(data.path()));
}

TEST(ReloadNote, IsNotThereWhereItIsDamaged) {
  const config::sample::TempFolder data;
  for (const char* text : {"", "{", "[]", "{\"number\":1}", "7"}) {
    data.Write("config-history/last-reload.json", text);
    EXPECT_FALSE(ReadReloadNote(data.path())) << text;
  }
}

}  // namespace
}  // namespace signalbox::app
