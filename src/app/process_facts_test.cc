#include "app/process_facts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/config/temp_folder_testing.h"
#include "io/net/listener.h"
#include "pipeline/ledger/data_lock.h"

namespace signalbox::app {
namespace {

TEST(ProcessFacts, KnowsThisProcess) {
  const auto facts = FactsOfProcess(getpid());
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->program, std::filesystem::read_symlink("/proc/self/exe").string());
  EXPECT_FALSE(facts->program_replaced);
  EXPECT_LT(facts->age, std::chrono::hours(1));
  EXPECT_NE(facts->Text().find(std::to_string(getpid())), std::string::npos);
}

TEST(ProcessFacts, OfAProcessThatIsNotThereThereAreNone) {
  EXPECT_FALSE(FactsOfProcess(-1).has_value());
  EXPECT_FALSE(HasOpen(-1, "/proc/self/exe").has_value());
}

TEST(ProcessFacts, FindsWhoListensOnAPort) {
  auto sockets = net::Listen({"127.0.0.1", 0}, 1);
  ASSERT_TRUE(sockets.has_value());
  const std::uint16_t port = net::LocalPort(sockets->front());
  EXPECT_EQ(ListenersOn(port), std::vector<int>{getpid()});
  sockets->clear();
  EXPECT_TRUE(ListenersOn(port).empty());
}

TEST(ProcessFacts, SeesWhichFilesAProcessHasOpen) {
  const auto path = std::filesystem::temp_directory_path() / ("facts-" + std::to_string(getpid()));
  {
    const std::ofstream file(path);
    EXPECT_EQ(HasOpen(getpid(), path), true);
  }
  EXPECT_EQ(HasOpen(getpid(), path), false);
  std::filesystem::remove(path);
}

TEST(ProcessToAsk, IsTheOneThatHoldsTheDirectory) {
  const config::sample::TempFolder data;
  const auto none = ProcessToAsk(data.path(), "upgrade");
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, core::ErrorCode::kNotFound);
  const auto lock = ledger::DataLock::Take(data.path());
  ASSERT_TRUE(lock.has_value());
  const auto found = ProcessToAsk(data.path(), "upgrade");
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ(*found, getpid());
}

TEST(ProcessToAsk, IsNobodyWhenTheNumberIsThatOfAnotherProcess) {
  const config::sample::TempFolder data;
  const auto lock = ledger::DataLock::Take(data.path());
  ASSERT_TRUE(lock.has_value());
  std::ofstream(data / "lock") << getppid() << "\n";  // as another container's might be
  EXPECT_TRUE(HolderOf(data.path()).held);
  const auto found = ProcessToAsk(data.path(), "upgrade");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, core::ErrorCode::kForbidden);
  EXPECT_NE(found.error().message.find("signalbox upgrade where it runs"), std::string::npos);
}

TEST(ProcessFacts, SaysAgesInTheUnitThatFits) {
  ProcessFacts facts{.pid = 7, .name = "signalbox", .age = std::chrono::seconds(90)};
  EXPECT_EQ(facts.Text(), "signalbox (pid 7, for 90 s)");
  facts.age = std::chrono::hours(3);
  EXPECT_EQ(facts.Text(), "signalbox (pid 7, for 3 h)");
  facts.age = std::chrono::days(9);
  EXPECT_EQ(facts.Text(), "signalbox (pid 7, for 9 days)");
}

}  // namespace
}  // namespace signalbox::app
