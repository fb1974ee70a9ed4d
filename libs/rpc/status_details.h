#ifndef MYNUMBER_LIBS_RPC_STATUS_DETAILS_H_
#define MYNUMBER_LIBS_RPC_STATUS_DETAILS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "libs/rpc/problem.h"

namespace mynumber::rpc {

// What a handler finishes with: code, message, and ToRpc(status) as details, which travel in the trailer
// grpc-status-details-bin. The message that ToRpc keeps from the client is written to the log as "internal_error".
grpc::Status ToGrpc(const absl::Status& status);

// On the client's side. Carries the Problem if the server sent one; a status that gRPC made itself (no connection,
// message too large, deadline) has none.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_STATUS_DETAILS_H_
