#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_BULK_KINDS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_BULK_KINDS_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_callback.h>

#include <cstddef>

#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.grpc.pb.h"

namespace mynumber::mynumberctl {

// The streams on which many rows travel in batches, and each row gets an answer of its own: what their messages are,
// and where the rows stand in them. Requests have an actor and a batch_id, which comes back; answers may have an error.

struct RegisterResidents {
  using Stub = issuance::v1::IssuanceService::StubInterface;
  using Request = issuance::v1::RegisterResidentsRequest;
  using Response = issuance::v1::RegisterResidentsResponse;
  using Row = issuance::v1::RegisterResidentRequest;
  using Answer = issuance::v1::RegisteredRow;

  static auto* Rows(Request* request) { return request->mutable_residents(); }
  static const auto& Answers(const Response& response) { return response.rows(); }
  // Strings' sizes and some dozen bytes: about what a row weighs on the wire.
  static size_t Bytes(const Row& row);
  static void Start(Stub& stub, grpc::ClientContext* context, grpc::ClientBidiReactor<Request, Response>* reactor) {
    stub.async()->RegisterResidents(context, reactor);
  }
};

struct ReportTrackingEvents {
  using Stub = postoffice::v1::PostOfficeService::StubInterface;
  using Request = postoffice::v1::ReportTrackingEventsRequest;
  using Response = postoffice::v1::ReportTrackingEventsResponse;
  using Row = postoffice::v1::PieceReport;
  using Answer = postoffice::v1::ReportedEvent;

  static auto* Rows(Request* request) { return request->mutable_reports(); }
  static const auto& Answers(const Response& response) { return response.events(); }
  static size_t Bytes(const Row& row);
  static void Start(Stub& stub, grpc::ClientContext* context, grpc::ClientBidiReactor<Request, Response>* reactor) {
    stub.async()->ReportTrackingEvents(context, reactor);
  }
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_BULK_KINDS_H_
