// Any bytes as a ring file and as an archive segment: read without a crash, and every byte of a
// segment is either in a frame or counted as damaged.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "pipeline/ledger/journal.h"
#include "pipeline/ledger/print.h"
#include "pipeline/ledger/segment.h"

namespace {

using namespace signalbox::ledger;

void ReadFrames(std::span<const std::byte> bytes) {
  Record record;
  std::string text;
  while (const std::size_t size = DecodeRecord(bytes, record)) {
    text.clear();
    PrintJson(record, text);
    PrintLine(record, text);
    bytes = bytes.subspan(size);
  }
}

// With checksums made good, so that the bytes behind them are reached too.
void ReadPatched(std::span<const std::byte> bytes) {
  std::vector<std::byte> copy(bytes.begin(),
                              bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 8 * 8));
  Frame frame;
  for (std::size_t at = 0; at < copy.size();) {
    const std::size_t size = PeekFrame(std::span(copy).subspan(at), frame);
    if (size == 0) {
      at += 8;
      continue;
    }
    const std::uint64_t checksum = Checksum(std::span(copy).subspan(at + 8, size - 8));
    std::memcpy(copy.data() + at, &checksum, sizeof checksum);
    if (frame.type == FrameType::kCheckpoint) {
      DecodeCheckpoint(frame.bytes.subspan(kFrameHeaderBytes));
    } else if (DecodeFrame(std::span(copy).subspan(at), frame) != size) {
      std::abort();
    }
    ReadFrames(std::span(copy).subspan(at));
    at += size;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int fd = memfd_create("fuzz", MFD_CLOEXEC);
  if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != static_cast<ssize_t>(size)) {
    std::abort();
  }
  const auto bytes = std::as_bytes(std::span(data, size));
  ReadFrames(bytes);
  ReadPatched(bytes);
  for (const bool live : {false, true}) {
    if (const auto contents = ReadRing(fd, live)) {
      std::vector<std::byte> out;
      for (const Run& run : contents->runs) {
        static_cast<void>(ReadRun(fd, run, out));
      }
      ReadFrames(out);
    }
  }
  std::uint64_t visited = 0;
  const auto scan =
      ScanSegment(fd, 0, [&](const Frame& frame, std::uint64_t) { visited += frame.bytes.size(); });
  if (!scan || scan->end > size || visited + scan->damaged_bytes != scan->end) {
    std::abort();
  }
  return 0;
}
