#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_REGISTER_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_REGISTER_H_

// What single registrations and streams of them share.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// A row of a stream answers to the request ids of single calls: one method for both.
std::shared_ptr<const Origin> RegistrationOrigin(const ServiceContext& context, const grpc::CallbackServerContext& call,
                                                 const type::Actor& actor);

// Checks a registration and makes the request for its partition. `origin` stands for the actor; details move out.
absl::StatusOr<Request> MakeRegistration(ServiceContext* context, v1::RegisterResidentRequest* message,
                                         const type::Actor& actor, std::shared_ptr<const Origin> origin,
                                         const type::Date& today);

// The answer to one row of a stream.
void FillRow(const ServiceContext& context, const SubjectId& subject, const std::string& request_key,
             const Prepared& prepared, v1::RegisteredRow* row);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_REGISTER_H_
