#include "app/note_file.h"

#include <fstream>
#include <sstream>

#include "base/config/atomic_file.h"

namespace signalbox::app {

std::optional<NoteFile> NoteFile::Read(const std::string& path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  std::optional<NoteFile> note(std::in_place);
  note->text_ = std::make_unique<const std::string>(text.str());
  const bool complete = note->document_.Parse(*note->text_) &&
                        note->document_.Root().Find("number") && note->document_.Root().Find("ok");
  return complete ? std::move(note) : std::nullopt;
}

void NoteFile::Write(const std::string& path, const std::function<void(json::Writer&)>& fill) {
  const auto before = Read(path);
  std::string text;
  json::Writer writer(text);
  writer.BeginObject().Key("number").Uint(before ? before->number() + 1 : 1);
  fill(writer);
  writer.EndObject();
  (void)config::ReplaceFile(path, text);
}

bool NoteFile::ok() const {
  return document_.Root().Find("ok")->AsBool().value_or(false);
}

std::string NoteFile::Text(std::string_view key) const {
  const auto value = document_.Root().Find(key);
  return value ? value->AsString().value_or("") : "";
}

std::int64_t NoteFile::Number(std::string_view key) const {
  const auto value = document_.Root().Find(key);
  return value ? value->AsInt().value_or(0) : 0;
}

}  // namespace signalbox::app
