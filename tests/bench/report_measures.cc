#include "tests/bench/report_measures.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "libs/identifiers/tracking_number.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/rpc/channel.h"
#include "libs/runtime/process.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "mynumber/notice/v1/notice_service.grpc.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.grpc.pb.h"
#include "tests/bench/made_up_residents.h"
#include "tests/bench/single_calls.h"
#include "tests/bench/standalone_under_load.h"

namespace mynumber::bench {
namespace {

using identifiers::TrackingNumber;
using postoffice::v1::PostOfficeService;
using postoffice::v1::ReportTrackingEventsRequest;
using postoffice::v1::ReportTrackingEventsResponse;

constexpr const char* kWords[] = {"引受", "到着", "持ち出し中", "ご不在のため持ち戻り", "保管", "お届け先にお届け済み"};
constexpr uint64_t kWordCount = 6;
constexpr int kBatch = 500;
constexpr int kBatchesAhead = 8;
constexpr uint64_t kPieces = 400;
constexpr uint64_t kFirstSerial = 3'010'010'000;
constexpr uint64_t kFirstUnknownSerial = 3'020'000'000;
constexpr char kMunicipality[] = "131016";

type::Date Today() { return calendar::DateInTokyo(runtime::WallMicros()); }

// Six reports of each number: those from `from` on.
ReportTrackingEventsRequest Batch(const std::vector<uint64_t>& serials, uint64_t from, uint64_t until) {
  ReportTrackingEventsRequest request;
  request.mutable_actor()->set_authority("post-office");
  for (uint64_t i = from; i < until; ++i) {
    auto* one = request.add_reports();
    one->set_tracking_number(std::string(TrackingNumber::FromSerial(serials[i / kWordCount]).digits()));
    auto* report = one->mutable_report();
    *report->mutable_day() = Today();
    report->set_minute_of_day(static_cast<uint32_t>(540 + 10 * (i % kWordCount)));
    report->set_status(kWords[i % kWordCount]);
    report->set_office("架空郵便局");
  }
  return request;
}

// Reports per second, from the first one sent to the last one answered.
double ReportAll(PostOfficeService::Stub* stub, const std::vector<uint64_t>& serials,
                 postoffice::v1::ReportedEvent::Outcome expected) {
  const uint64_t count = serials.size() * kWordCount;
  std::vector<ReportTrackingEventsRequest> batches;
  for (uint64_t i = 0; i < count; i += kBatch) batches.push_back(Batch(serials, i, std::min(count, i + kBatch)));
  grpc::ClientContext context;
  auto stream = stub->ReportTrackingEvents(&context);
  std::mutex mutex;
  std::condition_variable changed;
  size_t answered = 0;
  const auto start = Clock::now();
  std::thread writer([&] {
    for (size_t i = 0; i < batches.size(); ++i) {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return i < answered + kBatchesAhead; });
      lock.unlock();
      stream->Write(batches[i]);
    }
    stream->WritesDone();
  });
  ReportTrackingEventsResponse response;
  while (stream->Read(&response)) {
    for (const auto& event : response.events()) {
      if (event.outcome() != expected) Give(absl::StrCat("a report was not taken: ", event.ShortDebugString()));
    }
    std::lock_guard<std::mutex> lock(mutex);
    ++answered;
    changed.notify_one();
  }
  const double seconds = Since(start);
  writer.join();
  if (!stream->Finish().ok() || answered != batches.size()) Give("the stream of reports broke off");
  return static_cast<double>(count) / seconds;
}

template <class Request, class Response, class Stub>
Response Must(Stub* stub, const Request& request,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  Response response;
  grpc::Status status;
  // A notice is prepared some milliseconds after its number was issued.
  for (int attempt = 0; attempt < 200; ++attempt) {
    grpc::ClientContext context;
    status = (stub->*method)(&context, request, &response);
    if (status.ok()) return response;
    if (status.error_code() != grpc::StatusCode::NOT_FOUND) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  Give(absl::StrCat("a call failed: ", status.error_message()));
}

std::string RequestId(uint64_t number) {
  return absl::StrCat("00000000-0000-4000-8000-", absl::Dec(number, absl::kZeroPad12));
}

// Registers and draws, and has all posted; the first notice's name.
std::string PostPieces(const std::shared_ptr<grpc::Channel>& channel, PostOfficeService::Stub* post_office) {
  auto issuance = issuance::v1::IssuanceService::NewStub(channel);
  auto notices = notice::v1::NoticeService::NewStub(channel);
  std::string first;
  for (uint64_t i = 0; i < kPieces; ++i) {
    issuance::v1::RegisterResidentRequest registration;
    MakeUpResident(i, &registration);
    registration.mutable_actor()->set_authority(absl::StrCat("municipality/", kMunicipality));
    registration.mutable_actor()->set_clerk_id("bench");
    registration.mutable_details()->set_municipality_code(kMunicipality);
    const auto resident = Must(issuance.get(), registration, &issuance::v1::IssuanceService::Stub::RegisterResident);
    notice::v1::RenderNoticeRequest render;
    render.set_request_id(RequestId(i));
    *render.mutable_actor() = registration.actor();
    render.set_name(resident.name() + "/notices/1");
    render.set_mayor_title("架空市長");
    Must(notices.get(), render, &notice::v1::NoticeService::Stub::RenderNotice);
    if (first.empty()) first = render.name();
  }
  postoffice::v1::RegisterTrackingRangeRequest range;
  range.mutable_actor()->set_authority("post-office");
  range.set_first_tracking_number(std::string(TrackingNumber::FromSerial(kFirstSerial).digits()));
  range.set_last_tracking_number(std::string(TrackingNumber::FromSerial(kFirstSerial + 100 * kPieces).digits()));
  Must(post_office, range, &PostOfficeService::Stub::RegisterTrackingRange);
  return first;
}

std::vector<uint64_t> SerialsOfPieces(PostOfficeService::Stub* stub) {
  postoffice::v1::GetManifestRequest request;
  request.mutable_actor()->set_authority("post-office");
  grpc::ClientContext context;
  auto manifest = stub->GetManifest(&context, request);
  postoffice::v1::GetManifestResponse response;
  std::vector<uint64_t> serials;
  while (manifest->Read(&response)) {
    for (const auto& piece : response.pieces()) {
      serials.push_back(TrackingNumber::Parse(piece.tracking_number())->Serial());
    }
  }
  if (serials.size() != kPieces) Give(absl::StrCat(serials.size(), " pieces were posted"));
  return serials;
}

std::vector<uint64_t> SerialsOfNobody(uint64_t count) {
  std::vector<uint64_t> serials(count);
  for (uint64_t i = 0; i < count; ++i) serials[i] = kFirstUnknownSerial + i;
  return serials;
}

StartCall Explain(notice::v1::NoticeService::Stub* stub, const std::string& name) {
  return [stub, name](uint64_t, std::function<void(bool)> done) {
    auto* call = new Pending<notice::v1::ExplainNoticeRequest, notice::v1::ExplainNoticeResponse>;
    call->request.set_name(name);
    call->request.mutable_actor()->set_authority(absl::StrCat("municipality/", kMunicipality));
    stub->async()->ExplainNotice(&call->context, &call->request, &call->response,
                                 [call, done](const grpc::Status& status) {
                                   const bool ok = status.ok();
                                   delete call;
                                   done(ok);
                                 });
  };
}

}  // namespace

void MeasureReports(const BenchOptions& options, int broker_count, Report* report) {
  std::unique_ptr<kafka_log::BrokersForTests> brokers;
  std::vector<std::string> words = {"--notices=true"};
  if (broker_count > 0) {
    brokers = std::make_unique<kafka_log::BrokersForTests>(broker_count);
    words.insert(words.end(), {"--log=kafka", absl::StrCat("--brokers=", brokers->addresses()), "--partitions=4",
                               absl::StrCat("--replication=", broker_count)});
  }
  const std::string suffix = broker_count > 0 ? ".kafka" : "";
  StandaloneUnderLoad cluster(options, absl::StrCat(options.folder, "/reports", broker_count), words);
  const auto channel = rpc::MakeChannel(cluster.target());
  auto post_office = PostOfficeService::NewStub(channel);
  const std::string notice = PostPieces(channel, post_office.get());
  using postoffice::v1::ReportedEvent;
  const double of_pieces =
      ReportAll(post_office.get(), SerialsOfPieces(post_office.get()), ReportedEvent::OUTCOME_ACCEPTED);
  const std::vector<uint64_t> nobodys = SerialsOfNobody(options.bulk_rows / kWordCount);
  const double cpu_before = cluster.process.CpuSeconds();
  const double rate = ReportAll(post_office.get(), nobodys, ReportedEvent::OUTCOME_KEPT_UNMATCHED);
  const double cpu =
      (cluster.process.CpuSeconds() - cpu_before) / static_cast<double>(nobodys.size() * kWordCount);
  report->Add({"notice.reports" + suffix, rate, "reports/s", "", 0, broker_count > 0 ? ">= 80,000/s" : "",
               rate >= 80'000});
  report->Add({"notice.reports" + suffix + ".cpu.service", cpu * 1e6, "us/report", "", 0, "", true});
  report->Add({"notice.reports.of_a_piece" + suffix, of_pieces, "reports/s", "", 0, "", true});
  auto notices = notice::v1::NoticeService::NewStub(channel);
  MeasureBesideEcho(options, "notice.explain.8" + suffix, 8, Explain(notices.get(), notice), report);
}

}  // namespace mynumber::bench
