#include "libs/rpc/status_details.h"

#include "google/rpc/status.pb.h"
#include "libs/log/log.h"

namespace mynumber::rpc {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status details = ToRpc(status);
  const bool is_told = details.message() == std::string_view(status.message().data(), status.message().size());
  if (!is_told && !ProblemOf(status).has_value()) {
    log::Error("internal_error", {{"code", absl::StatusCodeToString(status.code())}, {"message", status.message()}});
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), details.message(),
                      details.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details()) &&
      details.code() == static_cast<int>(status.error_code())) {
    return FromRpc(details);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace mynumber::rpc
