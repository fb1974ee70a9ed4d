#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_BULK_CONNECTION_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_BULK_CONNECTION_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_callback.h>

#include <future>

#include "services/mynumberctl/bulk_kinds.h"
#include "services/mynumberctl/bulk_window.h"

namespace mynumber::mynumberctl {

// One stream on behalf of a window. Callbacks rather than blocking calls, so that a server that has gone silent cannot
// hold the sender for ever.
template <typename Kind>
class BulkConnection final : private grpc::ClientBidiReactor<typename Kind::Request, typename Kind::Response> {
 public:
  // Starts the stream. `wait_for_server`: a server that is not there yet is waited for.
  BulkConnection(typename Kind::Stub& stub, bool wait_for_server, BulkWindow<Kind>* window);

  // One at a time: window->OnWritten() comes between two. The batch stays untouched until then.
  void Send(const Batch<Kind>* batch) { this->StartWrite(&batch->request); }

  // Once, before the destructor: ends the stream (nothing is in flight, or `cancel`) and waits for its status.
  grpc::Status Finish(bool cancel);

 private:
  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override { status_.set_value(status); }

  grpc::ClientContext context_;
  BulkWindow<Kind>* const window_;
  typename Kind::Response response_;
  std::promise<grpc::Status> status_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_BULK_CONNECTION_H_
