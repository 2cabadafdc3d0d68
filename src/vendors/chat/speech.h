// A text that is to be spoken, and speech that is to be written down. Plain data.
//
// Owner: whoever parsed it. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/chat/raw.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

struct SpeechRequest {
  std::string model;
  std::string input;
  std::string voice;            // a name; vendors have their own
  std::string instructions;     // how it is to be said
  std::string response_format;  // "mp3", "opus", "aac", "flac", "wav", "pcm"; empty: not stated
  std::string stream_format;    // "audio", "sse"
  std::optional<Number> speed;
  Extra extra;
};

struct Sound {
  std::string bytes;
  std::string media_type;
  std::optional<UsageReport> usage;
};

// The fields of the form beside the file, and what the form says of the file.
struct TranscriptionRequest {
  std::string model;
  std::string file_name;
  std::string file_type;  // a media type; empty: not stated
  std::string language;   // ISO 639-1
  std::string prompt;
  std::string response_format;  // "json", "text", "verbose_json", "srt", "vtt"; empty: "json"
  std::optional<Number> temperature;
  std::vector<std::string> granularities;  // "word", "segment"
  std::vector<std::string> others;         // names of fields that only the sender's vendor knows
  bool stream = false;
  bool translate = false;  // into English
};

// Times are seconds from the start.
struct SpokenWord {
  double start = 0;
  double end = 0;
  std::string text;
};
struct Segment {
  double start = 0;
  double end = 0;
  std::string text;
  Extra extra;  // in OpenAI's words: avg_logprob, compression_ratio, no_speech_prob, temperature
};

struct Transcript {
  std::string text;
  std::string language;
  std::optional<double> duration;  // of the sound
  std::vector<Segment> segments;
  std::vector<SpokenWord> words;
};

}  // namespace signalbox::chat
