// What this folder's tests share.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/ledger/ledger.h"
#include "pipeline/ledger/reader.h"
#include "pipeline/ledger/record_samples.h"

namespace signalbox::ledger {

// A directory of its own, gone at the end.
class TempDirectory {
 public:
  TempDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "ledger-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A record that keeps its texts.
struct OwnedRecord {
  explicit OwnedRecord(const Record& from)
      : record(from),
        provider(from.provider),
        model(from.model),
        principal(from.principal),
        end_user(from.labels.end_user),
        agent(from.labels.agent),
        tags(from.labels.tags) {}

  bool settlement() const { return record.type == RecordType::kSettlement; }

  Record record;
  std::string provider;
  std::string model;
  std::string principal;
  std::string end_user;
  std::string agent;
  std::string tags;
};

inline std::vector<OwnedRecord> ReadAll(Reader& reader) {
  std::vector<OwnedRecord> records;
  const auto count = reader.Poll([&](const Record& record) { records.emplace_back(record); });
  EXPECT_TRUE(count.has_value()) << (count ? "" : count.error().message);
  return records;
}

inline std::vector<OwnedRecord> ReadAll(const std::string& data_directory) {
  Reader reader(data_directory);
  return ReadAll(reader);
}

inline std::vector<OwnedRecord> DrainAll(Journal& journal) {
  std::vector<OwnedRecord> records;
  journal.Drain([&](std::span<const std::byte> bytes) {
    Record record;
    EXPECT_EQ(DecodeRecord(bytes, record), bytes.size());
    records.emplace_back(record);
    return core::Status();
  });
  return records;
}

}  // namespace signalbox::ledger
