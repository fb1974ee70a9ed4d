#include "tests/bench/single_calls.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "libs/rpc/channel.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "mynumber/testing/v1/echo.grpc.pb.h"
#include "tests/bench/made_up_residents.h"

namespace mynumber::bench {
namespace {

namespace v1 = issuance::v1;

v1::RegisterResidentRequest SingleRequest(uint64_t index) {
  v1::RegisterResidentRequest request;
  MakeUpResident(index, &request);
  request.mutable_actor()->set_authority("municipality/131016");
  request.mutable_actor()->set_clerk_id("bench");
  return request;
}

StartCall Echo(testing::v1::EchoService::Stub* stub) {
  return [stub](uint64_t index, std::function<void(bool)> done) {
    auto* call = new Pending<testing::v1::EchoRequest, testing::v1::EchoResponse>;
    // As many bytes as a registration has.
    static const std::string* const kPayload = new std::string(SingleRequest(0).SerializeAsString());
    call->request.set_payload(*kPayload);
    stub->async()->Echo(&call->context, &call->request, &call->response, [call, done](const grpc::Status& status) {
      const bool ok = status.ok();
      delete call;
      done(ok);
    });
  };
}

StartCall Register(v1::IssuanceService::Stub* stub, std::atomic<uint64_t>* next) {
  return [stub, next](uint64_t, std::function<void(bool)> done) {
    auto* call = new Pending<v1::RegisterResidentRequest, v1::Resident>;
    call->request = SingleRequest(next->fetch_add(1));
    stub->async()->RegisterResident(&call->context, &call->request, &call->response,
                                    [call, done](const grpc::Status& status) {
                                      const bool ok = status.ok();
                                      delete call;
                                      done(ok);
                                    });
  };
}

void AddCalls(const std::string& name, const CallFigures& ours, const CallFigures& empty, bool is_judged,
              Report* report) {
  if (ours.failed > 0) Give(absl::StrCat(name, ": ", ours.failed, " calls failed"));
  report->Add({name, ours.calls_per_second, "calls/s", "empty call", empty.calls_per_second,
               is_judged ? ">= 45 % of the empty call" : "", ours.calls_per_second >= 0.45 * empty.calls_per_second});
  report->Add({name + ".p50", ours.p50_millis, "ms", "empty call p50", empty.p50_millis, "", true});
  report->Add({name + ".p99", ours.p99_millis, "ms", "empty call p99", empty.p99_millis,
               is_judged ? "<= 3 x that of the empty call" : "", ours.p99_millis <= 3 * empty.p99_millis});
}

}  // namespace

void MeasureBesideEcho(const BenchOptions& options, const std::string& name, int callers, const StartCall& start,
                       Report* report) {
  const int port = FreePort();
  ChildProcess echo({options.echo, absl::StrCat(port)}, options.folder + "/echo.log");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  auto stub = testing::v1::EchoService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", port)));
  const CallFigures empty = ClosedLoop(callers, options.call_seconds, Echo(stub.get()));
  AddCalls(name, ClosedLoop(callers, options.call_seconds, start), empty, false, report);
}

void MeasureSingleCalls(const BenchOptions& options, StandaloneUnderLoad* cluster, const std::string& suffix,
                        Report* report, const std::function<void(int callers, const CallFigures& ours)>& beside) {
  const int echo_port = FreePort();
  ChildProcess echo({options.echo, absl::StrCat(echo_port)}, options.folder + "/echo.log");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  auto echo_stub = testing::v1::EchoService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", echo_port)));
  auto stub = v1::IssuanceService::NewStub(rpc::MakeChannel(cluster->target()));
  std::atomic<uint64_t> next{0};
  double most = 0;
  for (int callers : {1, 8, 64}) {
    const double echo_before = echo.CpuSeconds();
    const CallFigures empty = ClosedLoop(callers, options.call_seconds, Echo(echo_stub.get()));
    const double echo_cpu = echo.CpuSeconds() - echo_before, service_before = cluster->process.CpuSeconds();
    const CallFigures ours = ClosedLoop(callers, options.call_seconds, Register(stub.get(), &next));
    const double service_cpu = cluster->process.CpuSeconds() - service_before;
    const std::string name = absl::StrCat("issuance.single.", callers, suffix);
    AddCalls(name, ours, empty, callers == 64, report);
    // The measured time and the warm-up before it, a tenth.
    const double micros = 1e6 / (1.1 * options.call_seconds);
    report->Add({name + ".cpu.service", service_cpu * micros / ours.calls_per_second, "us/call", "empty call's server",
                 echo_cpu * micros / empty.calls_per_second, "", true});
    beside(callers, ours);
    most = ours.calls_per_second;
  }
  const CallFigures third = OpenLoop(most / 3, options.call_seconds, Register(stub.get(), &next));
  const std::string name = absl::StrCat("issuance.single.third", suffix);
  report->Add({name + ".p50", third.p50_millis, "ms", "", 0, "<= 2 ms at a third of the load", third.p50_millis <= 2});
  report->Add({name + ".p99", third.p99_millis, "ms", "", 0, "", true});
}

}  // namespace mynumber::bench
