#ifndef MYNUMBER_LIBS_SERVING_RECEIVED_CALL_H_
#define MYNUMBER_LIBS_SERVING_RECEIVED_CALL_H_

// Has gRPC hand over requests as rpc::Received, so that a service says itself what it cannot read. A service's
// constructor marks each method with what these make: grpc::Service lets nobody else.

#include "libs/serving/call.h"

namespace mynumber::serving {

// Of `method`, as "RegisterResident", in the service of this full name; neither may be unknown.
int MethodIndex(const char* service_full_name, const char* method);

// The handler of a unary call. Calls `method` with what can be read, and refuses the rest by name. gRPC takes it over.
template <class S, class Own, class Handlers, class Request, class Response>
grpc::internal::MethodHandler* ReceivingHandler(
    Context<S, Own>* context, const char* name, Handlers* handlers,
    grpc::ServerUnaryReactor* (Handlers::*method)(grpc::CallbackServerContext*, const Request*, Response*)) {
  return new grpc::internal::CallbackUnaryHandler<rpc::Received<Request>, Response>(
      [context, name, handlers, method](grpc::CallbackServerContext* call, const rpc::Received<Request>* received,
                                        Response* response) {
        const absl::Status refusal = Readable(context->refusals->words(), received->flaw, rpc::kBytesMaxOf<Request>);
        if (refusal.ok()) return (handlers->*method)(call, &received->message, response);
        const UnaryCall refused(context, call, name);
        refused.End(refusal);
        return refused.reactor();
      });
}

// The handlers of streams, opened by `open`, which gets the call, and, where the client sends one request only, that.
template <class Request, class Response, class Open>
grpc::internal::MethodHandler* ReceivingBidiHandler(Open open) {
  return new grpc::internal::CallbackBidiHandler<rpc::Received<Request>, Response>(std::move(open));
}
template <class Request, class Response, class Open>
grpc::internal::MethodHandler* ReceivingStreamHandler(Open open) {
  return new grpc::internal::CallbackServerStreamingHandler<rpc::Received<Request>, Response>(
      [open = std::move(open)](grpc::CallbackServerContext* call, const rpc::Received<Request>* received) {
        return open(call, *received);
      });
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_RECEIVED_CALL_H_
