#include "libs/rpc/server.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "libs/metrics/metrics.h"
#include "libs/rpc/call.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/echo_service.h"
#include "libs/rpc/status_details.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;
using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using testing::v1::EchoRequest;
using testing::v1::EchoResponse;
using ServingStatus = HealthCheckResponse::ServingStatus;

const std::string kEcho = testing::v1::EchoService::service_full_name();
constexpr ServingStatus kServing = HealthCheckResponse::SERVING;
constexpr ServingStatus kNotServing = HealthCheckResponse::NOT_SERVING;
constexpr int64_t kLongMillis = 60'000;

ChannelOptions WithoutRetries() {
  ChannelOptions options;
  options.retries = false;
  options.own_connection = true;
  return options;
}

class ServerTest : public ::testing::Test {
 protected:
  void Start(const ServerOptions& options = {}) { StartWith(service_, options); }
  void StartWith(EchoService& service, const ServerOptions& options = {}) {
    server_ = Server::Start(options, {{kEcho, &service}}).value();
    channel_ = MakeChannel(Target());
    stub_ = testing::v1::EchoService::NewStub(channel_);
  }
  ~ServerTest() override { service_.Release(); }

  std::string Target() const { return "127.0.0.1:" + std::to_string(server_->Port()); }

  grpc::Status Echo(const std::string& payload, std::string* answer = nullptr, int refuse_with_code = 0) {
    grpc::ClientContext context;
    EchoRequest request;
    EchoResponse response;
    request.set_payload(payload);
    request.set_refuse_with_code(refuse_with_code);
    const grpc::Status status = stub_->Echo(&context, request, &response);
    if (answer != nullptr) *answer = response.payload();
    return status;
  }

  grpc::Status CheckHealth(const std::string& service, ServingStatus* health) {
    grpc::ClientContext context;
    HealthCheckRequest request;
    HealthCheckResponse response;
    request.set_service(service);
    const grpc::Status status = Health::NewStub(channel_)->Check(&context, request, &response);
    *health = response.status();
    return status;
  }
  ServingStatus HealthOf(const std::string& service) {
    ServingStatus health = HealthCheckResponse::UNKNOWN;
    EXPECT_TRUE(CheckHealth(service, &health).ok()) << service;
    return health;
  }

  EchoService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<testing::v1::EchoService::Stub> stub_;
};

TEST_F(ServerTest, AnswersCallsAndStreams) {
  Start();
  std::string answer;
  ASSERT_TRUE(Echo("山", &answer).ok());
  EXPECT_EQ(answer, "山");

  grpc::ClientContext context;
  const auto stream = stub_->EchoStream(&context);
  for (const char* payload : {"a", "b", "c"}) {
    EchoRequest request;
    request.set_payload(payload);
    ASSERT_TRUE(stream->Write(request));
    EchoResponse response;
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.payload(), payload);
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServerTest, ARefusalReachesTheClientWithItsDetails) {
  Start();
  const absl::Status status = FromGrpc(Echo("", nullptr, static_cast<int>(grpc::StatusCode::FAILED_PRECONDITION)));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const std::optional<Problem> problem = ProblemOf(status);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->reason, "FAILED_PRECONDITION");
  EXPECT_EQ(problem->sentence, "refused as asked");
}

// Refuses with all that a problem can hold, and more than fits.
class VerboseService : public EchoService {
 public:
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest*, EchoResponse*) override {
    Problem problem;
    problem.code = absl::StatusCode::kInvalidArgument;
    problem.reason = "NAME_EMPTY";
    problem.domain = "testing.mynumber";
    while (problem.sentence.size() < 3'000) problem.sentence += "山";
    for (int i = 0; i < 500; ++i) problem.field_violations.push_back({"rows.name", "空ではいけません"});
    problem.retry_millis = 500;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpc(ToStatus(problem)));
    return reactor;
  }
};

TEST_F(ServerTest, TheLargestRefusalFitsATrailer) {
  VerboseService verbose;
  StartWith(verbose);
  const absl::Status status = FromGrpc(Echo(""));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  const std::optional<Problem> problem = ProblemOf(status);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->retry_millis, 500);
  EXPECT_GT(problem->field_violations.size(), 10u);
  server_.reset();
}

TEST_F(ServerTest, RefusesARequestThatIsTooLarge) {
  ServerOptions options;
  options.max_message_bytes = 10'000;
  Start(options);
  EXPECT_TRUE(Echo(std::string(9'900, 'x')).ok());
  const grpc::Status status = Echo(std::string(10'001, 'x'));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("larger than max"));
  // gRPC's own refusals have no details.
  EXPECT_FALSE(ProblemOf(FromGrpc(status)).has_value());
}

TEST_F(ServerTest, RefusesHeadersThatAreTooLarge) {
  ServerOptions options;
  options.max_metadata_bytes = 4'000;
  Start(options);
  grpc::ClientContext context;
  context.AddMetadata("x-long", std::string(8'000, 'x'));
  EchoResponse response;
  EXPECT_EQ(stub_->Echo(&context, EchoRequest(), &response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Echo("still well").ok());
}

TEST_F(ServerTest, HealthFollowsTheServices) {
  Start();
  EXPECT_EQ(HealthOf(kEcho), kNotServing);
  EXPECT_EQ(HealthOf(""), kNotServing);
  server_->SetServing(kEcho, true);
  EXPECT_EQ(HealthOf(kEcho), kServing);
  EXPECT_EQ(HealthOf(""), kServing);
  server_->SetServing("mynumber.testing.v1.Slow", false);
  EXPECT_EQ(HealthOf("mynumber.testing.v1.Slow"), kNotServing);
  EXPECT_EQ(HealthOf(kEcho), kServing);
  EXPECT_EQ(HealthOf(""), kNotServing);
  ServingStatus health;
  EXPECT_EQ(CheckHealth("nobody", &health).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, ReflectionNamesTheServices) {
  Start();
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto await = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call =
      stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(await());
  // ServerReflectionRequest{list_services: ""}: field 7, no bytes.
  const grpc::Slice list_services("\x3a\x00", 2);
  call->Write(grpc::ByteBuffer(&list_services, 1), nullptr);
  ASSERT_TRUE(await());
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(await());
  grpc::Slice bytes;
  ASSERT_TRUE(answer.DumpToSingleSlice(&bytes).ok());
  const std::string names(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  EXPECT_THAT(names, HasSubstr(kEcho));
  EXPECT_THAT(names, HasSubstr("grpc.health.v1.Health"));
  context.TryCancel();
}

TEST_F(ServerTest, ADrainLetsAcceptedCallsFinishAndTakesNoOthers) {
  Start();
  server_->SetServing(kEcho, true);
  service_.Hold();
  std::string answer;
  std::future<grpc::Status> held = std::async(std::launch::async, [&] { return Echo("held", &answer); });
  while (service_.Held() == 0) std::this_thread::yield();

  std::future<void> drained = std::async(std::launch::async, [&] { server_->Drain(kLongMillis); });
  // The listener closes first: from then on nobody gets in.
  const auto late = testing::v1::EchoService::NewStub(MakeChannel(Target(), WithoutRetries()));
  for (grpc::StatusCode code = grpc::StatusCode::OK; code != grpc::StatusCode::UNAVAILABLE;) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(20));
    EchoResponse response;
    code = late->Echo(&context, EchoRequest(), &response).error_code();
  }
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  EXPECT_EQ(held.wait_for(std::chrono::seconds(0)), std::future_status::timeout);

  service_.Release();
  EXPECT_TRUE(held.get().ok());
  EXPECT_EQ(answer, "held");
  drained.get();
  server_->SetServing(kEcho, true);  // too late, and harmless
  server_->Drain(kLongMillis);
}

TEST_F(ServerTest, ADrainCancelsWhatOutlastsTheGrace) {
  Start();
  stub_ = testing::v1::EchoService::NewStub(MakeChannel(Target(), WithoutRetries()));
  service_.Hold();
  std::future<grpc::Status> held = std::async(std::launch::async, [&] { return Echo("held"); });
  while (service_.Held() == 0) std::this_thread::yield();
  std::future<void> drained = std::async(std::launch::async, [&] { server_->Drain(1); });
  EXPECT_FALSE(held.get().ok());
  service_.Release();  // the handler learns nothing of it and finishes as it would
  drained.get();
}

TEST_F(ServerTest, AWatchFollowsAServiceUntilTheDrain) {
  Start();
  grpc::ClientContext context;
  HealthCheckRequest request;
  request.set_service(kEcho);
  const auto watch = Health::NewStub(channel_)->Watch(&context, request);
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), kNotServing);
  server_->SetServing(kEcho, true);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), kServing);

  server_->Drain(kLongMillis);  // the test's own time limit is shorter
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), kNotServing);
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTest, AWatchOfAnUnknownServiceWaitsForIt) {
  Start();
  grpc::ClientContext context;
  HealthCheckRequest request;
  request.set_service("mynumber.testing.v1.Later");
  const auto watch = Health::NewStub(channel_)->Watch(&context, request);
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVICE_UNKNOWN);
  server_->SetServing("mynumber.testing.v1.Later", true);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), kServing);
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ServerTest, APortIsNeverShared) {
  Start();
  ServerOptions options;
  options.address = Target();
  EchoService other;
  const auto second = Server::Start(options, {{kEcho, &other}});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("cannot listen on " + Target() + ": another process has it"));
}

TEST_F(ServerTest, AHandlerSeesTraceAndDeadline) {
  metrics::Registry registry;
  const metrics::Counter malformed =
      registry.AddCounter("mynumber_rpc_malformed_traceparents_total", "Headers that break the standard.");
  std::vector<Trace> seen;
  std::vector<std::optional<int64_t>> left_micros;
  service_.Observe([&](const grpc::CallbackServerContext& context) {
    seen.push_back(TraceOf(context, malformed));
    left_micros.push_back(MicrosLeft(context, 0));
  });
  Start();
  const auto call = [&](const std::function<void(grpc::ClientContext&)>& prepare) {
    grpc::ClientContext context;
    prepare(context);
    EchoResponse response;
    EXPECT_TRUE(stub_->Echo(&context, EchoRequest(), &response).ok());
  };
  const Trace mine = NewTrace();
  call([&](grpc::ClientContext& context) { SendAlong(mine, context); });
  EXPECT_EQ(seen[0].trace_id, mine.trace_id);
  EXPECT_NE(seen[0].span_id, mine.span_id);
  EXPECT_EQ(left_micros[0], std::nullopt);

  const auto deadline = std::chrono::system_clock::now() + std::chrono::hours(1);
  call([&](grpc::ClientContext& context) { context.set_deadline(deadline); });
  EXPECT_NE(seen[1].trace_id, mine.trace_id);
  const int64_t deadline_micros =
      std::chrono::duration_cast<std::chrono::microseconds>(deadline.time_since_epoch()).count();
  // The wire carries what is left, in whole seconds here.
  EXPECT_NEAR(static_cast<double>(left_micros[1].value()), static_cast<double>(deadline_micros), 60e6);
  EXPECT_EQ(malformed.Value(), 0);

  call([](grpc::ClientContext& context) { context.AddMetadata("traceparent", "00-nonsense-01"); });
  call([&](grpc::ClientContext& context) {
    SendAlong(mine, context);
    SendAlong(mine, context);
  });
  EXPECT_NE(seen[3].trace_id, mine.trace_id);
  EXPECT_EQ(malformed.Value(), 2);
}

// Is unavailable for the first two attempts.
class ShakyService : public EchoService {
 public:
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest*, EchoResponse*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(++attempts <= 2 ? ToGrpc(absl::UnavailableError("moving")) : grpc::Status::OK);
    return reactor;
  }
  std::atomic<int> attempts{0};
};

TEST_F(ServerTest, AChannelTriesAgainUnlessToldNotTo) {
  ShakyService shaky;
  StartWith(shaky);
  EXPECT_TRUE(Echo("").ok());
  EXPECT_EQ(shaky.attempts, 3);

  shaky.attempts = 0;
  stub_ = testing::v1::EchoService::NewStub(MakeChannel(Target(), WithoutRetries()));
  EXPECT_EQ(Echo("").error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(shaky.attempts, 1);
  server_.reset();
}

}  // namespace
}  // namespace mynumber::rpc
