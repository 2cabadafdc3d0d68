#include "pipeline/identity/directory.h"

#include <set>
#include <utility>

#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

// More changes than this at once: everything is read again.
constexpr std::size_t kMostChangesRead = 1000;

}  // namespace

core::Result<std::unique_ptr<Directory>> Directory::Open(Parts parts) {
  std::unique_ptr<Directory> directory(new Directory(std::move(parts)));
  const std::lock_guard reading(directory->reading_);
  SB_CHECK_OK(directory->Read());
  return directory;
}

std::shared_ptr<ViewTable> Directory::Join(async::Loop& loop) {
  auto table = std::make_shared<ViewTable>();
  const std::lock_guard lock(mutex_);
  Update all{.whole = true, .asks = AsksLocked(), .stale = stale_};
  all.put.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) {
    all.put.push_back(entry);
  }
  table->Apply(all);
  views_.push_back({.loop = &loop, .table = table});
  return table;
}

void Directory::Leave(const ViewTable* table) {
  const std::lock_guard lock(mutex_);
  std::erase_if(views_, [&](const View& view) { return view.table.get() == table; });
}

core::Status Directory::CatchUp() {
  std::function<void()> tell_others;
  {
    const std::lock_guard reading(reading_);
    SB_CHECK_OK(Read());
    const std::lock_guard lock(mutex_);
    tell_others = tell_others_;
  }
  if (tell_others) {
    tell_others();
  }
  return WaitUntilTold();
}

void Directory::Adopt(KeysMode mode, bool asks) {
  {
    const std::lock_guard lock(mutex_);
    parts_.mode = mode;
    parts_.asks = asks;
  }
  Tell({});
}

core::Status Directory::Read() {
  SB_TRY(Update update, seen_ < 0 ? ReadAll() : ReadChanges());
  if (!update.empty()) {
    SB_CHECK_OK(ReadFacts());
    Tell(std::move(update));
  }
  return {};
}

core::Status Directory::ReadFacts() {
  SB_TRY(std::string home, ReadFact(parts_.sql, kHomeTenant));
  SB_TRY(const std::string asked, ReadFact(parts_.sql, kAsked));
  const std::lock_guard lock(mutex_);
  home_tenant_ = std::move(home);
  asked_ = !asked.empty();
  return {};
}

// The number is read before the rows: a change between the two is read twice, never missed.
core::Result<Update> Directory::ReadAll() {
  std::int64_t number = 0;
  SB_CHECK_OK(parts_.sql.Query("SELECT number FROM identity_facts WHERE name = 'changes'", {},
                               [&](const store::Row& row) -> core::Status {
                                 number = row.Int(0);
                                 return {};
                               }));
  Update update{.whole = true};
  SB_TRY(update.put, ReadEntries(parts_.sql, parts_.make_allowance));
  seen_ = number;
  return update;
}

core::Result<Update> Directory::ReadChanges() {
  std::set<std::pair<ChangeKind, std::string>> changes;
  std::int64_t last = seen_;
  bool gap = false;
  SB_CHECK_OK(parts_.sql.Query(
      "SELECT number, kind, id FROM identity_changes WHERE number > $1 ORDER BY number", {seen_},
      [&](const store::Row& row) -> core::Status {
        gap = gap || row.Int(0) != last + 1;
        last = row.Int(0);
        changes.emplace(static_cast<ChangeKind>(row.Int(1)), row.Text(2));
        return {};
      }));
  if (gap || changes.size() > kMostChangesRead) {
    return ReadAll();
  }
  Update update;
  for (const auto& [kind, id] : changes) {
    SB_CHECK_OK(AddTouched(update, kind, id));
  }
  seen_ = last;
  return update;
}

core::Status Directory::AddTouched(Update& update, ChangeKind kind, const std::string& id) {
  SB_TRY(std::vector<EntryPtr> put, ReadTouched(parts_.sql, kind, id, parts_.make_allowance));
  std::set<KeyId> still;
  for (EntryPtr& entry : put) {
    still.insert(entry->id);
    update.put.push_back(std::move(entry));
  }
  const auto gone = [&](const KeyId& key) {
    if (!still.contains(key)) {
      update.gone.push_back(key);
    }
  };
  const KeyId key = IdOf<KeyId>(id);
  const UserId user = IdOf<UserId>(id);
  const TenantId tenant = IdOf<TenantId>(id);
  if (kind == ChangeKind::kKey) {
    gone(key);
    return {};
  }
  if (kind == ChangeKind::kUser) {
    update.users.push_back(user);
  } else if (kind == ChangeKind::kTenant) {
    update.tenants.push_back(tenant);
  } else {
    return {};
  }
  const std::lock_guard lock(mutex_);
  for (const auto& [known, entry] : entries_) {
    const request::Parties& parties = entry->grant->parties;
    if (kind == ChangeKind::kUser ? parties.user == user : parties.tenant == tenant) {
      gone(known);
    }
  }
  return {};
}

void Directory::Tell(Update update) {
  const std::lock_guard lock(mutex_);
  if (update.whole) {
    entries_.clear();
  }
  for (const KeyId& id : update.gone) {
    entries_.erase(id);
  }
  for (const EntryPtr& entry : update.put) {
    entries_.insert_or_assign(entry->id, entry);
  }
  update.asks = AsksLocked();
  update.stale = stale_;
  const auto shared = std::make_shared<const Update>(std::move(update));
  told_ = PostAll([shared](ViewTable& table) { table.Apply(*shared); });
}

std::shared_future<void> Directory::PostAll(const std::function<void(ViewTable&)>& work) {
  // Done when its last copy is gone: when every message was run, or dropped with its loop.
  struct Told {
    std::promise<void> done;
    ~Told() { done.set_value(); }
  };
  auto told = std::make_shared<Told>();
  std::shared_future<void> done = told->done.get_future().share();
  for (const View& view : views_) {
    view.loop->Post([work, told, table = view.table]() mutable {
      work(*table);
      told.reset();
    });
  }
  return done;
}

core::Status Directory::WaitUntilTold() {
  std::shared_future<void> told;
  {
    const std::lock_guard lock(mutex_);
    told = told_;
  }
  if (told.wait_for(parts_.tell_limit) != std::future_status::ready) {
    return core::Fail(core::ErrorCode::kDeadlineExceeded,
                      "identity: a worker did not take a change in time");
  }
  return {};
}

bool Directory::asks() const {
  const std::lock_guard lock(mutex_);
  return AsksLocked();
}

bool Directory::AsksLocked() const {
  return asked_ || parts_.asks || parts_.mode == KeysMode::kRequired;
}

std::string Directory::home_tenant() const {
  const std::lock_guard lock(mutex_);
  return home_tenant_;
}

std::size_t Directory::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace signalbox::identity
