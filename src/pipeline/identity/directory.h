// All keys of the installation in memory, and every worker's view of them kept up to date.
//
// Owner:   app/, one per process; outlives the views; goes before the database.
// Threads: any that may block. A thread of its own asks for what other processes changed.
// Errors:  Open and CatchUp as store::Sql; kDeadlineExceeded from CatchUp when a worker did not
// take
//          a change in kTellLimit (it takes it as soon as it can).
// Cancel:  its end waits for the read that its thread is at.
//
// Views are told by messages to their loops, in one order. While the database is away what is known
// stays in force.
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/async/loop.h"
#include "base/core/error.h"
#include "base/core/time.h"
#include "io/store/sql.h"
#include "pipeline/identity/directory_rows.h"
#include "pipeline/identity/key_hash.h"
#include "pipeline/identity/options.h"
#include "pipeline/identity/view_table.h"

namespace signalbox::identity {

inline constexpr std::chrono::milliseconds kPollEach{500};
inline constexpr std::chrono::milliseconds kTellLimit{2000};
inline constexpr std::chrono::seconds kNoteUsesEach{60};

class Directory {
 public:
  struct Parts {
    store::Sql& sql;
    KeyHasher hasher;
    KeysMode mode = KeysMode::kAuto;
    MakeAllowance make_allowance;  // may be empty
    bool asks = false;             // something else asks for credentials: access.key, an issuer
    std::chrono::milliseconds tell_limit = kTellLimit;
  };

  static core::Result<std::unique_ptr<Directory>> Open(Parts parts);
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  // Starts to look for other processes' changes every kPollEach, and to note uses.
  void Start();
  // Looks at once: another process said that something changed.
  void Nudge();
  // Called after this process changed something, by the thread that did.
  void OnChange(std::function<void()> tell_others);

  // Reads what changed since the last time and returns when every view of this process has it.
  core::Status CatchUp();
  // Writes down which keys were used since the last time.
  core::Status NoteUses();
  // A reload: the mode and whether there is an access key.
  void Adopt(KeysMode mode, bool asks);

  bool asks() const;
  std::string home_tenant() const;
  std::size_t size() const;
  const KeyHasher& hasher() const { return parts_.hasher; }

 private:
  friend class DirectoryView;
  struct View {
    async::Loop* loop = nullptr;
    std::shared_ptr<ViewTable> table;
  };

  explicit Directory(Parts parts) : parts_(std::move(parts)) {}
  std::shared_ptr<ViewTable> Join(async::Loop& loop);
  void Leave(const ViewTable* table);

  core::Status Read();  // what is new; `reading_` is held
  core::Result<Update> ReadAll();
  core::Result<Update> ReadChanges();
  core::Status ReadFacts();
  core::Status AddTouched(Update& update, ChangeKind kind, const std::string& id);
  void Tell(Update update);
  core::Status WaitUntilTold();
  // With mutex_ held. The future is ready when every view's worker has done it.
  std::shared_future<void> PostAll(const std::function<void(ViewTable&)>& work);
  bool AsksLocked() const;
  void NoteStale(bool stale);

  void Run();
  std::vector<Use> CollectUses();

  Parts parts_;
  std::mutex reading_;      // one reads at a time; taken before mutex_
  std::int64_t seen_ = -1;  // the last change that was read; under reading_

  mutable std::mutex mutex_;  // for what follows; never held over a read
  std::unordered_map<KeyId, EntryPtr, IdHash> entries_;
  std::vector<View> views_;
  std::shared_future<void> told_;  // done when every view has the last update
  std::string home_tenant_;
  bool asked_ = false;  // a key was made after the first
  bool stale_ = false;
  std::function<void()> tell_others_;

  std::condition_variable wake_;
  bool stop_ = false;
  bool nudged_ = false;
  std::thread thread_;
};

}  // namespace signalbox::identity
