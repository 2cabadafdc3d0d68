#include "app/upgrade_note.h"

#include "app/note_file.h"

namespace signalbox::app {

std::string UpgradeNotePath(const std::string& data_directory) {
  return data_directory + "/last-upgrade.json";
}

void WriteUpgradeNote(const std::string& data_directory, const UpgradeNote& note) {
  NoteFile::Write(UpgradeNotePath(data_directory), [&note](json::Writer& writer) {
    writer.Key("ok").Bool(note.ok).Key("reason").String(note.reason);
    writer.Key("from_version").String(note.from_version);
    writer.Key("to_version").String(note.to_version).Key("pid").Int(note.pid);
  });
}

std::optional<UpgradeNote> ReadUpgradeNote(const std::string& data_directory) {
  const auto file = NoteFile::Read(UpgradeNotePath(data_directory));
  if (!file) {
    return std::nullopt;
  }
  return UpgradeNote{.ok = file->ok(),
                     .reason = file->Text("reason"),
                     .from_version = file->Text("from_version"),
                     .to_version = file->Text("to_version"),
                     .pid = static_cast<int>(file->Number("pid")),
                     .number = file->number()};
}

}  // namespace signalbox::app
