#include "app/health_board.h"

#include <future>
#include <thread>

#include "base/async/async_testing.h"

namespace signalbox::app {
namespace {

using namespace std::chrono_literals;

// Another worker: a loop in a thread.
class Other {
 public:
  Other() : loop_(*async::Loop::Create()), thread_([this] { loop_->Run(); }) {}
  ~Other() {
    loop_->Stop();
    thread_.join();
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;
  async::Loop& loop() { return *loop_; }

 private:
  std::unique_ptr<async::Loop> loop_;
  std::thread thread_;
};

execution::HealthReport Waiting(std::uint32_t count) {
  execution::HealthReport report;
  report.waiting = count;
  return report;
}

LOOP_TEST(HealthBoard, JoinsWhatAllWorkersSay) {
  Other first;
  Other second;
  HealthBoard board;
  board.Add(first.loop(), [] { return Waiting(1); });
  board.Add(second.loop(), [] { return Waiting(2); });
  board.Add(loop, [] { return Waiting(4); });
  const auto joined = co_await board.Collect(loop, {loop.now() + 20s});
  EXPECT_EQ(joined.waiting, 7U);
}

LOOP_TEST(HealthBoard, AsksEachWorkerOnItsOwnThread) {
  Other other;
  HealthBoard board;
  const auto home = std::this_thread::get_id();
  std::thread::id asked;
  board.Add(other.loop(), [&] {
    asked = std::this_thread::get_id();
    return Waiting(1);
  });
  co_await board.Collect(loop, {loop.now() + 20s});
  EXPECT_NE(asked, home);
  EXPECT_EQ(std::this_thread::get_id(), home);
}

LOOP_TEST(HealthBoard, LeavesAWorkerOutThatDoesNotAnswer) {
  std::promise<void> go;
  std::promise<void> answered;
  Other slow;
  HealthBoard board;
  board.Add(slow.loop(), [&] {
    go.get_future().wait();
    answered.set_value();
    return Waiting(1);
  });
  board.Add(loop, [] { return Waiting(4); });
  const auto joined = co_await board.Collect(loop, {loop.now() + 20ms});
  EXPECT_EQ(joined.waiting, 4U);
  go.set_value();
  answered.get_future().wait();
}

}  // namespace
}  // namespace signalbox::app
