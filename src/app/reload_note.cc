#include "app/reload_note.h"

#include "app/note_file.h"

namespace signalbox::app {

std::string ReloadNotePath(const std::string& data_directory) {
  return data_directory + "/config-history/last-reload.json";
}

void WriteReloadNote(const std::string& data_directory, const ReloadNote& note) {
  NoteFile::Write(ReloadNotePath(data_directory), [&note](json::Writer& writer) {
    writer.Key("ok").Bool(note.ok).Key("text").String(note.text);
  });
}

std::optional<ReloadNote> ReadReloadNote(const std::string& data_directory) {
  const auto file = NoteFile::Read(ReloadNotePath(data_directory));
  if (!file) {
    return std::nullopt;
  }
  return ReloadNote{.ok = file->ok(), .text = file->Text("text"), .number = file->number()};
}

}  // namespace signalbox::app
