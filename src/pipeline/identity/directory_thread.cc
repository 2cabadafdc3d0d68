#include <algorithm>
#include <span>

#include "base/telemetry/log.h"
#include "pipeline/identity/directory.h"
#include "pipeline/identity/rows.h"

// What the directory's own thread does: look for others' changes, and write down which keys were
// used.
namespace signalbox::identity {
namespace {

constexpr std::size_t kUsesInOneWrite = 1000;

}  // namespace

Directory::~Directory() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Directory::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Directory::Nudge() {
  {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
  }
  wake_.notify_all();
}

void Directory::OnChange(std::function<void()> tell_others) {
  const std::lock_guard lock(mutex_);
  tell_others_ = std::move(tell_others);
}

void Directory::Run() {
  core::MonoTime note_uses = core::MonoNow() + kNoteUsesEach;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kPollEach, [this] { return stop_ || nudged_; });
      nudged_ = false;
      if (stop_) {
        return;
      }
    }
    {
      const std::lock_guard reading(reading_);
      NoteStale(!Read().has_value());
    }
    if (const core::MonoTime now = core::MonoNow(); now >= note_uses) {
      note_uses = now + kNoteUsesEach;
      if (const auto noted = NoteUses(); !noted) {
        telemetry::Log(telemetry::Level::kWarn, "the last uses of keys could not be noted",
                       {{"error", noted.error().message}});
      }
    }
  }
}

void Directory::NoteStale(bool stale) {
  {
    const std::lock_guard lock(mutex_);
    if (stale_ == stale) {
      return;
    }
    stale_ = stale;
  }
  telemetry::Log(
      stale ? telemetry::Level::kWarn : telemetry::Level::kInfo,
      stale ? "keys cannot be read; those that are known stay good" : "keys can be read again");
  Tell({});
}

std::vector<Use> Directory::CollectUses() {
  struct Collected {
    std::mutex mutex;
    std::vector<Use> uses;
  };
  const auto collected = std::make_shared<Collected>();
  std::shared_future<void> done;
  {
    const std::lock_guard lock(mutex_);
    done = PostAll([collected](ViewTable& table) {
      const std::vector<Use> uses = table.TakeUses();
      const std::lock_guard collecting(collected->mutex);
      collected->uses.insert(collected->uses.end(), uses.begin(), uses.end());
    });
  }
  done.wait_for(parts_.tell_limit);
  const std::lock_guard collecting(collected->mutex);
  return std::move(collected->uses);
}

core::Status Directory::NoteUses() {
  const std::vector<Use> uses = CollectUses();
  for (std::size_t first = 0; first < uses.size(); first += kUsesInOneWrite) {
    const std::size_t count = std::min(kUsesInOneWrite, uses.size() - first);
    SB_CHECK_OK(parts_.sql.Write([&](store::Transaction& transaction) -> core::Status {
      for (const Use& use : std::span(uses).subspan(first, count)) {
        SB_CHECK_OK(
            transaction.Run("UPDATE identity_keys SET last_used = $2 WHERE id = $1 AND "
                            "(last_used IS NULL OR last_used < $2)",
                            {use.id.Text(), Nanoseconds(use.at)}));
      }
      return {};
    }));
  }
  return {};
}

}  // namespace signalbox::identity
