#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_SESSION_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_SESSION_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "libs/rpc/status_details.h"
#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "mynumber/hotline/v1/hotline_service.grpc.pb.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "mynumber/notice/v1/notice_service.grpc.pb.h"
#include "mynumber/operations/v1/operations_service.grpc.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.grpc.pb.h"
#include "services/mynumberctl/console.h"
#include "services/mynumberctl/exit_code.h"
#include "services/mynumberctl/failure.h"
#include "services/mynumberctl/proto_json.h"

namespace mynumber::mynumberctl {

namespace v1 = mynumber::issuance::v1;
namespace operations = mynumber::operations::v1;

// What every command takes.
struct Settings {
  std::string server = "127.0.0.1:7400";
  std::string certificates;  // folder; empty: plain text, to loopback alone
  std::string output = "table";  // or "json"
  double timeout_seconds = 10;
  std::string request_id;  // empty: a fresh one
  std::string authority;
  std::string clerk;
  bool show_number = false;
};

// One run of one command: its settings, its console, and its connection, which is made at the first call.
class Session {
 public:
  explicit Session(const Console& console) : console(console) {}

  // True once the server answers; false after having said why there is no connection.
  bool Connect();
  v1::IssuanceService::Stub& issuance() { return *issuance_; }
  operations::OperationsService::Stub& operations() { return *operations_; }
  notice::v1::NoticeService::Stub& notice() { return *notice_; }
  card::v1::CardService::Stub& card() { return *card_; }
  hotline::v1::HotlineService::Stub& hotline() { return *hotline_; }
  postoffice::v1::PostOfficeService::Stub& post_office() { return *post_office_; }

  bool json() const { return settings.output == "json"; }
  mynumber::type::Actor Actor() const;
  // The municipality asks for its own if no authority is named.
  mynumber::type::Actor ActorFor(const std::string& municipality) const;

  // Each prints one sentence and gives what the process ends with.
  ExitCode Fail(const Failure& failure) const;
  ExitCode Fail(const grpc::Status& status) const { return Fail(Explain(rpc::FromGrpc(status), nullptr)); }
  ExitCode Usage(const std::string& sentence) const;
  ExitCode Refuse(const std::string& sentence) const;

  // As --timeout-seconds says.
  void SetDeadline(grpc::ClientContext* context) const;

  // A reading call: connects, and prints what went wrong.
  template <typename Service, typename Request, typename Response>
  ExitCode Read(grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request, Response* response) {
    if (!Connect()) return ExitCode::kUnavailable;
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = (StubOf(static_cast<Service*>(nullptr)).*method)(&context, request, response);
    return status.ok() ? ExitCode::kDone : Fail(status);
  }

  // A writing call, named as in the proto where the service tells outcomes later, else "": sets its request id and
  // actor, connects, and prints what went wrong.
  template <typename Service, typename Request, typename Response>
  ExitCode Write(const char* name,
                 grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*),
                 Request request, Response* response) {
    if (!Connect()) return ExitCode::kUnavailable;
    const mynumberctl::Write write{name, RequestId()};
    request.set_request_id(write.request_id);
    if (!request.has_actor()) *request.mutable_actor() = Actor();
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = (StubOf(static_cast<Service*>(nullptr)).*method)(&context, request, response);
    return status.ok() ? ExitCode::kDone : Fail(Explain(rpc::FromGrpc(status), &write));
  }

  // One JSON line, numbers masked unless --show-number.
  void PrintJson(const google::protobuf::Message& message) const {
    console.out << mynumberctl::ToJson(message, settings.show_number) << '\n';
  }
  // The number itself with --show-number and if the answer has it, else masked.
  std::string NumberToShow(const std::string& number, const std::string& masked) const;

  Settings settings;
  const Console console;
  // What the command line asked for.
  std::function<ExitCode()> action;

 private:
  v1::IssuanceService::Stub& StubOf(v1::IssuanceService::Stub*) { return issuance(); }
  operations::OperationsService::Stub& StubOf(operations::OperationsService::Stub*) { return operations(); }
  notice::v1::NoticeService::Stub& StubOf(notice::v1::NoticeService::Stub*) { return notice(); }
  card::v1::CardService::Stub& StubOf(card::v1::CardService::Stub*) { return card(); }
  hotline::v1::HotlineService::Stub& StubOf(hotline::v1::HotlineService::Stub*) { return hotline(); }
  postoffice::v1::PostOfficeService::Stub& StubOf(postoffice::v1::PostOfficeService::Stub*) { return post_office(); }
  std::string RequestId();

  std::unique_ptr<v1::IssuanceService::Stub> issuance_;
  std::unique_ptr<operations::OperationsService::Stub> operations_;
  std::unique_ptr<notice::v1::NoticeService::Stub> notice_;
  std::unique_ptr<card::v1::CardService::Stub> card_;
  std::unique_ptr<hotline::v1::HotlineService::Stub> hotline_;
  std::unique_ptr<postoffice::v1::PostOfficeService::Stub> post_office_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_SESSION_H_
