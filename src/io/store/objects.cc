#include "io/store/objects.h"

#include <algorithm>
#include <cstring>

namespace signalbox::store {

core::Result<ObjectInfo> Objects::PutText(const ObjectKey& key, std::string_view bytes,
                                          const PutOptions& options) {
  const ObjectSource source = [&bytes](std::span<char> out) -> core::Result<std::size_t> {
    const std::size_t size = std::min(out.size(), bytes.size());
    std::memcpy(out.data(), bytes.data(), size);
    bytes.remove_prefix(size);
    return size;
  };
  return Put(key, source, options);
}

core::Result<std::string> Objects::GetText(const ObjectKey& key, std::size_t limit,
                                           const ByteRange& range) {
  std::string text;
  const ObjectSink sink = [&](std::string_view bytes) -> core::Status {
    if (bytes.size() > limit - text.size()) {
      return core::Fail(core::ErrorCode::kPayloadTooLarge,
                        Name() + ": " + key.text() + ": larger than expected");
    }
    text += bytes;
    return {};
  };
  SB_CHECK_OK(Get(key, range, sink));
  return text;
}

}  // namespace signalbox::store
