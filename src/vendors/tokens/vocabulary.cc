#include "vendors/tokens/vocabulary.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace signalbox::tokens {
namespace {

using core::ErrorCode;
using core::Fail;

bool Fits(std::uint64_t offset, std::uint64_t size, std::size_t file_size) {
  return offset % 8 == 0 && offset <= file_size && size <= file_size - offset;
}

bool IsSound(const Section& section, std::size_t file_size) {
  return section.slot_count > section.token_count && section.longest <= kLongestToken &&
         Fits(section.pairs, kPairs * sizeof(Rank), file_size) &&
         Fits(section.slots, section.slot_count * sizeof(Slot), file_size) &&
         Fits(section.records, section.records_size, file_size);
}

}  // namespace

Ranks::Ranks(const std::byte* file, const Section& section)
    : pairs_(reinterpret_cast<const Rank*>(file + section.pairs)),
      slots_(reinterpret_cast<const Slot*>(file + section.slots), section.slot_count),
      records_(reinterpret_cast<const char*>(file + section.records), section.records_size),
      token_count_(section.token_count),
      longest_(section.longest) {}

Rank Ranks::FindLong(std::string_view bytes) const {
  if (bytes.size() > longest_ || bytes.empty()) {
    return kNoRank;
  }
  const std::uint64_t hash = HashOf(bytes);
  const auto slot_count = static_cast<std::uint32_t>(slots_.size());
  std::uint32_t at = HomeOf(hash, slot_count);
  for (std::uint32_t probes = 0; probes < slot_count; ++probes) {
    const Slot slot = slots_[at];
    if (slot.record == 0) {
      return kNoRank;
    }
    const std::size_t record = slot.record - 1;
    if (slot.tag == TagOf(hash) && record + kRecordHead + bytes.size() <= records_.size() &&
        static_cast<unsigned char>(records_[record + sizeof(Rank)]) == bytes.size() &&
        std::memcmp(&records_[record + kRecordHead], bytes.data(), bytes.size()) == 0) {
      Rank rank = kNoRank;
      std::memcpy(&rank, &records_[record], sizeof rank);
      return rank;
    }
    at = at + 1 == slot_count ? 0 : at + 1;
  }
  return kNoRank;
}

core::Result<Vocabulary> Vocabulary::Open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return Fail(ErrorCode::kNotFound, path + ": " + core::ErrnoMessage(errno));
  }
  struct stat facts{};
  void* memory = MAP_FAILED;
  if (::fstat(file, &facts) == 0 && facts.st_size >= static_cast<off_t>(sizeof(FileHeader))) {
    memory =
        ::mmap(nullptr, static_cast<std::size_t>(facts.st_size), PROT_READ, MAP_SHARED, file, 0);
  }
  ::close(file);
  if (memory == MAP_FAILED) {
    return Fail(ErrorCode::kInvalidRequest, path + ": not a vocabulary file");
  }
  // Look-ups jump about; reading ahead would only fill memory.
  ::madvise(memory, static_cast<std::size_t>(facts.st_size), MADV_RANDOM);
  Vocabulary vocabulary(
      {static_cast<const std::byte*>(memory), static_cast<std::size_t>(facts.st_size)});
  vocabulary.mapped_ = true;
  if (auto sound = vocabulary.Check(); !sound) {
    return std::unexpected(std::move(sound).error().At(path));
  }
  return vocabulary;
}

core::Result<Vocabulary> Vocabulary::Over(std::span<const std::byte> file) {
  Vocabulary vocabulary(file);
  SB_CHECK_OK(vocabulary.Check());
  return vocabulary;
}

Vocabulary::Vocabulary(Vocabulary&& other) noexcept
    : file_(other.file_), mapped_(std::exchange(other.mapped_, false)), ranks_(other.ranks_) {}

Vocabulary::~Vocabulary() {
  if (mapped_) {
    ::munmap(const_cast<std::byte*>(file_.data()), file_.size());
  }
}

core::Status Vocabulary::Check() {
  FileHeader header;
  if (file_.size() < sizeof header) {
    return Fail(ErrorCode::kInvalidRequest, "not a vocabulary file");
  }
  std::memcpy(&header, file_.data(), sizeof header);
  if (header.magic != kMagic || header.file_size != file_.size()) {
    return Fail(ErrorCode::kInvalidRequest,
                "not a vocabulary file of this version; build Signalbox again to make one");
  }
  for (std::size_t i = 0; i < kSections; ++i) {
    if (!IsSound(header.sections[i], file_.size())) {
      return Fail(ErrorCode::kInvalidRequest, "the vocabulary file is damaged; build it again");
    }
    ranks_[i] = Ranks(file_.data(), header.sections[i]);
  }
  return {};
}

}  // namespace signalbox::tokens
