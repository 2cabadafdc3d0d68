#include "vendors/dialects/openai_chat/media_words.h"

#include <string_view>

namespace signalbox::openai_chat {
namespace {

struct Word {
  std::string_view of;
  std::string_view word;
};

template <std::size_t size>
std::string_view Find(const Word (&words)[size], std::string_view of) {
  for (const Word& word : words) {
    if (word.of == of) {
      return word.word;
    }
  }
  return {};
}

constexpr Word kFormats[] = {
    {"audio/wav", "wav"},     {"audio/x-wav", "wav"}, {"audio/wave", "wav"},
    {"audio/mpeg", "mp3"},    {"audio/mp3", "mp3"},   {"audio/flac", "flac"},
    {"audio/x-flac", "flac"}, {"audio/ogg", "ogg"},   {"audio/opus", "opus"},
    {"audio/aac", "aac"},     {"audio/mp4", "m4a"},   {"audio/x-m4a", "m4a"},
};

// How files begin, in Base64: RIFF, ID3, frames of MP3, OggS, fLaC.
constexpr Word kBeginnings[] = {
    {"UklGR", "wav"}, {"SUQz", "mp3"},  {"//s", "mp3"},    {"//M", "mp3"},
    {"//I", "mp3"},   {"T2dnU", "ogg"}, {"ZkxhQ", "flac"},
};

constexpr Word kFileNames[] = {
    {"", "document.pdf"},
    {"application/pdf", "document.pdf"},
    {"text/plain", "document.txt"},
    {"text/markdown", "document.md"},
    {"text/html", "document.html"},
    {"text/csv", "document.csv"},
    {"application/json", "document.json"},
    {"application/msword", "document.doc"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document.docx"},
    {"application/vnd.ms-excel", "document.xls"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document.xlsx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "document.pptx"},
};

// "text/plain;charset=utf-8" is "text/plain".
std::string_view Bare(std::string_view media_type) {
  return media_type.substr(0, media_type.find(';'));
}

}  // namespace

std::string AudioFormat(const chat::Media& audio) {
  if (!audio.format.empty()) {
    return audio.format;
  }
  if (const auto format = Find(kFormats, Bare(audio.media_type)); !format.empty()) {
    return std::string(format);
  }
  const std::string& sent = audio.url.empty() ? audio.data : audio.url;
  for (const Word& beginning : kBeginnings) {
    if (sent.starts_with(beginning.of)) {
      return std::string(beginning.word);
    }
  }
  return {};
}

std::string FileName(const chat::Media& file) {
  if (!file.name.empty() || file.data.empty()) {
    return file.name;
  }
  const auto name = Find(kFileNames, Bare(file.media_type));
  return std::string(name.empty() ? "document" : name);
}

}  // namespace signalbox::openai_chat
