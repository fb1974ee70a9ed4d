#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_MADE_UP_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_MADE_UP_H_

// For tests: a card service that does what it is told, and a hotline beside it.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "google/protobuf/util/time_util.h"
#include "libs/calendar/date.h"
#include "libs/embedded_log/embedded_log.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/problem.h"
#include "libs/rpc/status_details.h"
#include "libs/sealing/chance.h"
#include "services/hotline/domain/made_up.h"
#include "services/hotline/service_assembly.h"

namespace mynumber::hotline::made_up {

// Knows the resident 'h' with one card, born on 1 March 1987, who lives where "address" is "here".
class MadeUpCards final : public card::v1::CardService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  enum class Manner { kAnswers, kFails, kSaysNothing };

  Reactor* FindHolders(Context* call, const card::v1::FindHoldersRequest* request,
                       card::v1::FindHoldersResponse* response) override {
    return End(call, [&]() -> absl::Status {
      if (request->card_serial() == "1") return No(absl::StatusCode::kInvalidArgument, "CARD_SERIAL_WRONG_LENGTH");
      if (request->card_serial() == "unknown") return No(absl::StatusCode::kNotFound, "CARD_SERIAL_UNKNOWN");
      if (request->name() == "nobody") return absl::OkStatus();
      auto* candidate = response->add_candidates();
      candidate->set_resident(Resident());
      candidate->set_masked_name("見* 花*");
      candidate->add_cards()->set_name(Card());
      candidate->mutable_cards(0)->set_masked_serial("****************7890");
      auto* other = candidate->add_cards();
      other->set_name(Card('h', 2));
      other->set_masked_serial("****************1111");
      return absl::OkStatus();
    });
  }
  Reactor* ConfirmHolder(Context* call, const card::v1::ConfirmHolderRequest* request,
                         card::v1::ConfirmHolderResponse* response) override {
    return End(call, [&] {
      response->set_birth_date_matches(request->birth_date().year() == 1987);
      response->set_address_matches(request->address() == "here");
      return absl::OkStatus();
    });
  }
  Reactor* SuspendCard(Context* call, const card::v1::SuspendCardRequest* request,
                       card::v1::SuspendCardResponse* response) override {
    return End(call, [&]() -> absl::Status {
      asked_.push_back(request->request_id());
      if (!refusal.empty()) return No(absl::StatusCode::kFailedPrecondition, refusal);
      const auto receipt = receipts_.find(request->request_id());
      if (receipt == receipts_.end()) {
        response->set_was_suspended(!suspended_.insert(request->name()).second);
        response->set_effect_position("0@9.0");
        *response->mutable_effect_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(1'794'600'000'000);
        receipts_[request->request_id()] = *response;
      }
      *response = receipts_[request->request_id()];
      return absl::OkStatus();
    });
  }

  void Be(Manner manner) {
    std::lock_guard<std::mutex> lock(mutex_);
    manner_ = manner;
    if (manner == Manner::kSaysNothing) return;
    for (Reactor* reactor : silent_) reactor->Finish(grpc::Status(grpc::StatusCode::CANCELLED, "too late"));
    silent_.clear();
  }
  std::set<std::string> suspended() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return suspended_;
  }
  std::vector<std::string> asked() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return asked_;
  }

  // What suspensions are refused with.
  std::string refusal;

 private:
  template <class Work>
  Reactor* End(Context* call, const Work& work) {
    std::lock_guard<std::mutex> lock(mutex_);
    Reactor* reactor = call->DefaultReactor();
    if (manner_ == Manner::kSaysNothing) {
      silent_.push_back(reactor);
    } else {
      reactor->Finish(manner_ == Manner::kFails ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "down")
                                                : rpc::ToGrpc(work()));
    }
    return reactor;
  }
  static absl::Status No(absl::StatusCode code, const std::string& reason) {
    rpc::Problem problem;
    problem.code = code;
    problem.reason = reason;
    problem.domain = "card.mynumber";
    problem.sentence = "As the card service says it.";
    return rpc::ToStatus(problem);
  }

  mutable std::mutex mutex_;
  Manner manner_ = Manner::kAnswers;
  std::vector<Reactor*> silent_;
  std::set<std::string> suspended_;
  std::vector<std::string> asked_;
  std::map<std::string, card::v1::SuspendCardResponse> receipts_;
};

// A log that takes nothing while `is_stuck`, and says nothing of it.
class StuckLog final : public eventsourcing::PartitionLog {
 public:
  StuckLog(std::unique_ptr<eventsourcing::PartitionLog> log, const std::atomic<bool>* is_stuck)
      : log_(std::move(log)), is_stuck_(is_stuck) {}

  absl::Status NewWriter() override { return log_->NewWriter(); }
  void Append(eventsourcing::AppendRequest request) override {
    held_ = std::move(request);
    (void)LetGo();
  }
  std::optional<eventsourcing::AppendResult> Poll() override { return LetGo() ? log_->Poll() : std::nullopt; }
  absl::StatusOr<eventsourcing::Offset> End() override { return log_->End(); }
  absl::StatusOr<std::vector<eventsourcing::LogRecord>> Read(eventsourcing::Offset from, size_t max_bytes) override {
    return log_->Read(from, max_bytes);
  }
  absl::StatusOr<std::string> ReadKeyBlock(const eventsourcing::KeyBlockId& id) override {
    return log_->ReadKeyBlock(id);
  }

 private:
  bool LetGo() {
    if (*is_stuck_) return false;
    if (held_) log_->Append(*std::exchange(held_, std::nullopt));
    return true;
  }

  std::unique_ptr<eventsourcing::PartitionLog> log_;
  const std::atomic<bool>* is_stuck_;
  std::optional<eventsourcing::AppendRequest> held_;
};

class HotlineFixture : public ::testing::Test {
 protected:
  HotlineFixture() {
    folder_ = ::testing::TempDir() + "/hotline_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    log_ = *embedded_log::EmbeddedLog::Open(folder_ + "/log");
    EXPECT_TRUE(log_->Declare(kName, 2).ok());
    options_.data = folder_;
    options_.partition_count = 2;
    options_.instance = "test";
    around_.keyring = &keyring_;
    around_.memory = &memory_;
    around_.registry = &registry_;
    around_.open_log = [this](const std::string& service, uint32_t partition, std::function<void()> wake) {
      return std::make_unique<StuckLog>(log_->Partition(service, partition, std::move(wake)), &is_stuck_);
    };
    hotline_.answer_millis = 300;
    hotline_.driver_millis = 20;
    card_server_ = *rpc::Server::Start({}, {{card::v1::CardService::service_full_name(), &cards_}});
    Start();
    Serve();
  }
  ~HotlineFixture() override {
    cards_.Be(MadeUpCards::Manner::kAnswers);
    is_stuck_ = false;
    End();
    card_server_.reset();
    log_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Serves nothing before Serve: as while its log is not to be had.
  void Start() {
    assembly_ = *Assembly::Start(options_, around_, hotline_);
    assembly_->ConnectCards(card_server_->InProcessChannel());
    server_ = *rpc::Server::Start({}, {assembly_->service()});
    rpc::ChannelOptions channel;
    channel.retries = false;
    channel.own_connection = true;
    stub_ = v1::HotlineService::NewStub(rpc::MakeChannel("127.0.0.1:" + std::to_string(server_->Port()), channel));
  }
  void Serve() {
    for (uint32_t p = 0; p < options_.partition_count; ++p) assembly_->served().Want(p, true);
    Until([&] { return assembly_->served().serving(); });
  }
  void End() {
    if (server_) server_->Drain(2000);
    assembly_.reset();
    server_.reset();
  }
  void Restart() {
    End();
    Start();
  }

  // Waits for what comes by itself; the test's own time-out ends it if it does not.
  static void Until(const std::function<bool()>& so) {
    while (!so()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::string NewId() {
    identifiers::RequestId id{};
    id.fill(++ids_);
    return identifiers::FormatRequestId(id);
  }

  template <class Request>
  Request Asking(const std::string& name = "") {
    Request request;
    request.set_request_id(NewId());
    *request.mutable_actor() = Operator();
    if (!name.empty()) Name(&request, name);
    return request;
  }
  template <class Response, class Method, class Request>
  absl::Status Ask(Method method, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const grpc::Status status = (stub_.get()->*method)(&context, request, response);
    return status.ok() ? absl::OkStatus() : rpc::FromGrpc(status);
  }
  // What must be OK.
  template <class Response, class Method, class Request>
  Response Must(Method method, const Request& request) {
    Response response;
    EXPECT_EQ(Ask(method, request, &response), absl::OkStatus());
    return response;
  }

  std::string OpenedCase(events::v1::CallerKind kind = events::v1::CALLER_KIND_HOLDER) {
    auto request = Asking<v1::OpenCaseRequest>();
    request.set_language("ja");
    request.set_caller_kind(kind);
    return Must<v1::Case>(&Stub::OpenCase, request).name();
  }
  v1::IdentifyCallerRequest Searching(const std::string& name, const std::string& person = "ミホン ハナコ") {
    auto request = Asking<v1::IdentifyCallerRequest>(name);
    request.mutable_search()->set_name(person);
    *request.mutable_search()->mutable_birth_date() = calendar::ToDate(calendar::Day(1987, 3, 1));
    return request;
  }
  v1::IdentifyCallerRequest Claiming(const std::string& name, const std::string& address = "here") {
    auto request = Asking<v1::IdentifyCallerRequest>(name);
    request.mutable_claim()->set_resident(Resident());
    *request.mutable_claim()->mutable_birth_date() = calendar::ToDate(calendar::Day(1987, 3, 1));
    request.mutable_claim()->set_address(address);
    return request;
  }
  std::string IdentifiedCase() {
    const std::string name = OpenedCase();
    Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Searching(name));
    EXPECT_TRUE(Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Claiming(name)).identified());
    return name;
  }
  v1::SuspendCardRequest Suspending(const std::string& name) {
    auto request = Asking<v1::SuspendCardRequest>(name);
    request.set_card(Card());
    request.set_reason(card::events::v1::SUSPENSION_REASON_LOST);
    return request;
  }
  v1::SuspendCardResponse Suspend(const v1::SuspendCardRequest& request) {
    return Must<v1::SuspendCardResponse>(&Stub::SuspendCard, request);
  }
  v1::Case CaseNow(const std::string& name) {
    v1::GetCaseRequest request;
    request.set_name(name);
    *request.mutable_actor() = Operator();
    return Must<v1::Case>(&Stub::GetCase, request);
  }
  void UntilSuspended(const std::string& name) {
    Until([&] { return CaseNow(name).state() == v1::Case::STATE_SUSPENDED; });
  }
  size_t SpoolFiles() const {
    size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder_ + "/hotline/spool")) count += file.exists();
    return count;
  }

  using Stub = v1::HotlineService::Stub;
  template <class Request>
  static auto Name(Request* request, const std::string& name) -> decltype(request->set_name(name)) {
    return request->set_name(name);
  }
  static void Name(v1::OpenCaseRequest*, const std::string&) {}

  std::string folder_;
  std::atomic<bool> is_stuck_{false};
  const sealing::Keyring keyring_ = sealing::Keyring::Generate(sealing::SystemRandom());
  projection::SharedMemory memory_{projection::MemoryOptions()};
  metrics::Registry registry_;
  std::unique_ptr<embedded_log::EmbeddedLog> log_;
  serving::AssemblyOptions options_;
  serving::Surroundings around_;
  HotlineOptions hotline_;
  MadeUpCards cards_;
  std::unique_ptr<rpc::Server> card_server_;
  std::unique_ptr<Assembly> assembly_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
  uint8_t ids_ = 0;
};

}  // namespace mynumber::hotline::made_up

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_MADE_UP_H_
