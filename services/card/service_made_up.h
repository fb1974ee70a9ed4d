#ifndef MYNUMBER_SERVICES_CARD_SERVICE_MADE_UP_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_MADE_UP_H_

// For tests: the service as it is put together, and a mail server that does what it is told.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libs/embedded_log/embedded_log.h"
#include "services/card/domain/made_up.h"
#include "services/card/projections/tables.h"
#include "services/card/service_assembly.h"
#include "services/card/service_mail.h"

namespace mynumber::card::made_up {

inline constexpr char kLinkUrl[] = "https://card.example.invalid/confirm?token=";

// Does what it is told with each mail, and keeps all that came.
class MadeUpServer {
 public:
  mailbox::SendMail AsFunction() {
    return [this](const mailbox::Mail& mail) { return Take(mail); };
  }
  void Answer(absl::Status answer) {
    std::lock_guard<std::mutex> lock(mutex_);
    answer_ = std::move(answer);
  }
  // Mails to "hangs..." are not answered until then.
  void LetGo() {
    std::lock_guard<std::mutex> lock(mutex_);
    is_let_go_ = true;
    changed_.notify_all();
  }
  std::vector<mailbox::Mail> came() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return came_;
  }
  int most_at_once() const { return most_at_once_; }

 private:
  absl::Status Take(const mailbox::Mail& mail) {
    std::unique_lock<std::mutex> lock(mutex_);
    came_.push_back(mail);
    most_at_once_ = std::max(most_at_once_.load(), ++at_once_);
    if (mail.to.rfind("hangs", 0) == 0) changed_.wait(lock, [this] { return is_let_go_; });
    --at_once_;
    return answer_;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  absl::Status answer_;
  bool is_let_go_ = false;
  int at_once_ = 0;
  std::atomic<int> most_at_once_{0};
  std::vector<mailbox::Mail> came_;
};

// One partition of the service on a log of its own, which takes commands; the register says nothing.
class AssemblyFixture : public ::testing::Test {
 protected:
  AssemblyFixture() {
    folder_ = ::testing::TempDir() + "/assembly_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    log_ = *embedded_log::EmbeddedLog::Open(folder_ + "/log");
    for (const char* service : {"issuance", "notice", "card"}) EXPECT_TRUE(log_->Declare(service, 1).ok());
    options_.data = folder_;
    options_.partition_count = 1;
    options_.instance = "test";
    options_.now = [this] { return now_.load(); };
    options_.clock_off_max_micros = int64_t{1} << 60;
  }
  ~AssemblyFixture() override {
    server_.LetGo();
    End();
    log_.reset();
    std::filesystem::remove_all(folder_);
  }

  // With the outbox that `cards` describe, or with one that hands over to server_.
  void Start(const CardOptions* cards = nullptr) {
    registry_ = std::make_unique<metrics::Registry>();
    serving::Surroundings around;
    around.keyring = &keyring_;
    around.memory = &memory_;
    around.registry = registry_.get();
    around.open_log = [this](const std::string& service, uint32_t partition, std::function<void()> wake) {
      return log_->Partition(service, partition, std::move(wake));
    };
    auto started = Assembly::Start(options_, around, cards != nullptr ? *cards : CardOptions(), cards != nullptr);
    ASSERT_TRUE(started.ok()) << started.status();
    assembly_ = *std::move(started);
    assembly_->served().Want(0, true);
    Until([&] { return assembly_->served().serving(); });
    if (cards == nullptr) {
      outbox_ = std::make_unique<Outbox>(context(), server_.AsFunction(), kLinkUrl, registry_.get());
    }
  }
  void End() {
    if (outbox_) outbox_->Stop();
    assembly_.reset();
    outbox_.reset();
  }
  void Restart() {
    End();
    Start();
  }
  ServiceContext* context() { return assembly_->served().context(); }

  // The test's own time-out ends it if it does not come to be so.
  static void Until(const std::function<bool()>& so) {
    while (!so()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  // Longer than the outbox waits between two looks.
  static void Settle() { std::this_thread::sleep_for(std::chrono::milliseconds(600)); }
  void Pass(int64_t micros) { now_ += micros; }

  void Must(char letter, Command command) {
    auto origin = std::make_shared<Origin>();
    origin->caller = "test";
    origin->method = "Test";
    origin->needs_no_receipt = true;
    std::promise<absl::Status> done;
    Request request;
    request.subject = Resident(letter);
    request.command = std::move(command);
    request.origin = std::move(origin);
    request.prepare = [](const Prepared&) {};
    request.finish = [&](const absl::Status& status) { done.set_value(status); };
    context()->host->Submit(0, std::move(request));
    EXPECT_EQ(done.get_future().get(), absl::OkStatus());
  }
  // Somebody begins an application, and a link is to be mailed.
  void Begin(char letter, const std::string& email) {
    Must(letter, Registration());
    Must(letter, Form());
    Must(letter, PostForm{1});
    Must(letter, StartApplication{1, events::v1::APPLICATION_WAY_SMARTPHONE, email});
  }
  size_t Came() const { return server_.came().size(); }
  std::set<std::string> Recipients() const {
    std::set<std::string> all;
    for (const mailbox::Mail& mail : server_.came()) all.insert(mail.to);
    return all;
  }
  size_t StillToBeSent() {
    size_t count = 0;
    EXPECT_TRUE(context()->rows[0]->Scan(TableOf(kMailTable), "", [&](std::string_view, std::string_view) {
      ++count;
      return true;
    }).ok());
    return count;
  }
  std::string Token(char letter, uint32_t link = 1) const {
    return keys_.TokenFor(Resident(letter), 1, link);
  }

  std::string folder_;
  std::atomic<int64_t> now_{Moment(2026, 11, 27)};
  const sealing::Keyring keyring_ = sealing::Keyring::Generate(sealing::SystemRandom());
  const ServiceKeys keys_{&keyring_};
  projection::SharedMemory memory_{{}};
  std::unique_ptr<embedded_log::EmbeddedLog> log_;
  serving::AssemblyOptions options_;
  std::unique_ptr<metrics::Registry> registry_;
  MadeUpServer server_;
  std::unique_ptr<Assembly> assembly_;
  std::unique_ptr<Outbox> outbox_;
};

}  // namespace mynumber::card::made_up

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_MADE_UP_H_
