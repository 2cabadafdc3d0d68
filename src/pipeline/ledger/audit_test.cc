#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/audit_trail.h"
#include "pipeline/ledger/store_testing.h"

namespace signalbox::ledger {
namespace {

AuditEntry Entry(std::uint64_t number) {
  return {.action = number % 2 == 0 ? "key.create" : "budget.change",
          .entity_type = "key",
          .entity_id = "key_" + std::to_string(number),
          .user_id = "user_1",
          .resource_name = "=nightly",
          .details = R"({"before":null,"after":{"name":"nightly"}})",
          .severity = Severity::kWarning,
          .tenant = NumberedId<request::TenantId>(static_cast<std::uint8_t>(1 + number % 2))};
}

class Audit : public testing::Test {
 protected:
  Audit() { EXPECT_TRUE(TakeArchiveId(directory_.path())); }

  std::unique_ptr<AuditLog> Open() {
    auto log = AuditLog::Open(directory_.path());
    EXPECT_TRUE(log.has_value()) << (log ? "" : log.error().message);
    return *std::move(log);
  }
  void Append(AuditLog& log, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto appended =
          log.Append(Entry(i), kSampleTime + std::chrono::seconds(log.head().sequence));
      ASSERT_TRUE(appended.has_value());
    }
  }
  void ShipAll(AuditLog& log) {
    while (log.waiting() != 0) {
      ASSERT_TRUE(log.Ship(*sql_));
    }
  }
  void Change(store::Statement statement) {
    const auto changed = sql_->Write([&](store::Transaction& transaction) -> core::Status {
      SB_CHECK_OK(transaction.Run(statement, {}));
      return {};
    });
    ASSERT_TRUE(changed.has_value()) << changed.error().message;
  }
  // "" when all is good.
  std::string Flaw(const AuditLog& log) {
    const auto chains = VerifyAudit(*sql_, log.replica(), log.head());
    EXPECT_TRUE(chains.has_value());
    for (const AuditChain& chain : *chains) {
      if (!chain.flaw.empty()) {
        return chain.flaw;
      }
    }
    return chains->empty() ? "nothing there" : "";
  }
  std::string File() const { return directory_.File("audit.log"); }

  const TempDirectory directory_;
  const std::unique_ptr<store::Sql> sql_ = OpenStore();
};

constexpr Period kEver{0, 4'000'000'000};

TEST_F(Audit, KeepsEverythingAndListsItNewestFirst) {
  auto log = Open();
  Append(*log, 3);
  ShipAll(*log);
  std::vector<AuditRow> rows;
  ASSERT_EQ(ListAudit(*sql_, {.period = kEver},
                      [&](const AuditRow& row) {
                        rows.push_back(row);
                        return core::Status();
                      }),
            3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const AuditRow& row = rows[2 - i];
    EXPECT_EQ(row.sequence, i + 1);
    EXPECT_EQ(row.created_at, kSampleTime + std::chrono::seconds(i));
    EXPECT_EQ(row.hash, HashOf(row));
    EXPECT_EQ(row.entry.entity_id, Entry(i).entity_id);
    EXPECT_EQ(row.entry.details, Entry(i).details);
    EXPECT_EQ(row.entry.severity, Severity::kWarning);
    EXPECT_EQ(row.entry.tenant, Entry(i).tenant);
  }
}

TEST_F(Audit, AStoreThatIsAwayLosesNothingAndGetsNothingTwice) {
  FailingSql failing(*sql_);
  {
    auto log = Open();
    Append(*log, 700);
    failing.fail_at = 123;
    EXPECT_FALSE(log->Ship(failing));
  }
  auto log = Open();
  EXPECT_EQ(log->waiting(), 700U);
  ShipAll(*log);
  auto again = Open();  // the file still has them
  ShipAll(*again);
  EXPECT_EQ(Number(*sql_, "SELECT COUNT(*) FROM audit_trail"), 700);
  EXPECT_EQ(Flaw(*again), "");
}

TEST_F(Audit, NamesTheFirstRowThatWasChangedOrRemovedOrMoved) {
  auto log = Open();
  Append(*log, 20);
  ShipAll(*log);
  EXPECT_EQ(Flaw(*log), "");
  Change("DELETE FROM audit_trail WHERE sequence = 7");
  EXPECT_EQ(Flaw(*log), "entry 7 is missing");
  Change("DELETE FROM audit_trail WHERE sequence < 7");  // as retention does
  EXPECT_EQ(Flaw(*log), "");
  Change("DROP TRIGGER audit_trail_stays");
  Change("UPDATE audit_trail SET user_id = 'somebody else' WHERE sequence = 12");
  EXPECT_EQ(Flaw(*log), "entry 12 was changed");
  Change("UPDATE audit_trail SET sequence = 1000 WHERE sequence = 10");
  Change("UPDATE audit_trail SET sequence = 10 WHERE sequence = 11");
  Change("UPDATE audit_trail SET sequence = 11 WHERE sequence = 1000");
  EXPECT_EQ(Flaw(*log), "entry 10 does not follow from the one before");
  Change("DELETE FROM audit_trail WHERE sequence > 9");
  EXPECT_EQ(Flaw(*log), "entry 10 is missing");
  Change("DELETE FROM audit_trail");
  EXPECT_EQ(Flaw(*log), "entry 1 is missing");
}

TEST_F(Audit, ARowIsNeverChanged) {
  auto log = Open();
  Append(*log, 1);
  ShipAll(*log);
  EXPECT_FALSE(sql_->Write([&](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("UPDATE audit_trail SET user_id = ''", {}));
    return {};
  }));
}

TEST_F(Audit, AChainThatBeganAnewUnderTheSameNameIsTold) {
  {
    auto log = Open();
    Append(*log, 2);
    ShipAll(*log);
  }
  unlink(File().c_str());
  auto log = Open();
  ASSERT_TRUE(log->Append(Entry(9), kSampleTime));
  const auto shipped = log->Ship(*sql_);
  ASSERT_FALSE(shipped.has_value());
  EXPECT_EQ(shipped.error().code, core::ErrorCode::kInternal);
}

TEST_F(Audit, AnEntryThatWasCutShortIsTakenOffAndAChangedOneIsTold) {
  {
    auto log = Open();
    Append(*log, 5);
  }
  const auto size = std::filesystem::file_size(File());
  std::filesystem::resize_file(File(), size - 3);
  {
    auto log = Open();
    EXPECT_EQ(log->head().sequence, 4U);
    Append(*log, 1);
    EXPECT_EQ(log->waiting(), 5U);
  }
  std::fstream file(File(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(200);
  file.put('!');
  file.close();
  auto log = AuditLog::Open(directory_.path());
  // What follows a frame that is damaged is not whole: the store and the head show what is missing.
  EXPECT_TRUE(!log || (*log)->head().sequence < 5);
}

TEST_F(Audit, AFileOfShippedEntriesIsTakenBackToItsHead) {
  auto log = Open();
  while (std::filesystem::file_size(File()) < (1U << 20U) + 1) {
    AuditEntry entry = Entry(1);
    entry.details = "\"" + std::string(200'000, 'x') + "\"";
    ASSERT_TRUE(log->Append(entry, kSampleTime));
  }
  const AuditHead head = log->head();
  ShipAll(*log);
  EXPECT_LT(std::filesystem::file_size(File()), 1000U);
  log = Open();
  EXPECT_EQ(log->head(), head);
  Append(*log, 1);
  ShipAll(*log);
  EXPECT_EQ(Flaw(*log), "");
  EXPECT_EQ(log->head().sequence, head.sequence + 1);
}

TEST_F(Audit, ManyThreadsMakeOneChain) {
  auto log = Open();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&log] {
      for (std::uint64_t j = 0; j < 50; ++j) {
        EXPECT_TRUE(log->Append(Entry(j), kSampleTime));
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(log->Ship(*sql_));
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ShipAll(*log);
  EXPECT_EQ(log->head().sequence, 200U);
  EXPECT_EQ(Flaw(*log), "");
}

TEST_F(Audit, AKillLosesNothingThatWasAcknowledged) {
  core::Random random(5);
  std::uint64_t acknowledged = 0;
  for (int kills = 0; kills < 10; ++kills) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto log = AuditLog::Open(directory_.path());
      for (std::uint64_t i = 0; log; ++i) {
        const auto appended = (*log)->Append(Entry(i), kSampleTime);
        if (!appended || write(pipe_ends[1], &*appended, sizeof *appended) < 0) {
          break;
        }
      }
      _exit(3);
    }
    close(pipe_ends[1]);
    for (std::uint64_t left = 1 + random.Next() % 50; left > 0; --left) {
      ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged),
                static_cast<ssize_t>(sizeof acknowledged));
    }
    kill(child, SIGKILL);
    while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) > 0) {
    }
    close(pipe_ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    auto log = Open();
    ASSERT_GE(log->head().sequence, acknowledged);
    ASSERT_LE(log->head().sequence, acknowledged + 1);
    ShipAll(*log);
    ASSERT_EQ(Flaw(*log), "");
  }
}

TEST_F(Audit, ATenantSeesItsOwnAndFiltersAreNoPatterns) {
  auto log = Open();
  Append(*log, 10);
  ShipAll(*log);
  const auto count = [&](const AuditQuery& query) {
    return *ListAudit(*sql_, query, [](const AuditRow&) { return core::Status(); });
  };
  EXPECT_EQ(count({.scope = {NumberedId<request::TenantId>(1)}, .period = kEver}), 5U);
  EXPECT_EQ(count({.period = kEver, .action = "key.create"}), 5U);
  EXPECT_EQ(count({.period = kEver, .entity_id = "key_3"}), 1U);
  EXPECT_EQ(count({.period = kEver, .entity_id = "%"}), 0U);
  EXPECT_EQ(count({.period = {0, 1}}), 0U);
}

TEST_F(Audit, ExportsEveryRowAsLinesThatAreNoFormulas) {
  auto log = Open();
  Append(*log, 1200);
  ShipAll(*log);
  for (const ExportFormat format : {ExportFormat::kJsonLines, ExportFormat::kCsv}) {
    std::string text;
    EXPECT_EQ(ExportAudit(*sql_, {.period = kEver}, format,
                          [&](std::string_view part) {
                            text += part;
                            return core::Status();
                          }),
              1200U);
    EXPECT_EQ(std::ranges::count(text, '\n'), format == ExportFormat::kCsv ? 1201 : 1200);
    EXPECT_EQ(text.find(",=nightly"), std::string::npos);
  }
}

}  // namespace
}  // namespace signalbox::ledger
