#ifndef MYNUMBER_LIBS_SERVING_RECEIVED_CALL_H_
#define MYNUMBER_LIBS_SERVING_RECEIVED_CALL_H_

// Has gRPC hand over requests as rpc::Received, so that a service says itself what it cannot read. A service's
// constructor marks each method with what these make: grpc::Service lets nobody else.

#include <string>
#include <type_traits>
#include <utility>

#include "libs/serving/call.h"

namespace mynumber::serving {

// Of `method`, as "RegisterResident", in the service of this full name; neither may be unknown.
int MethodIndex(const char* service_full_name, const char* method);

// "package.Service/Method".
std::string FullMethod(const char* service_full_name, const char* method);

// Why a request is not for its handler: nobody can read it, or the caller is not let in.
template <class S, class Own, class Request>
absl::Status Receivable(const Context<S, Own>& context, const grpc::CallbackServerContext& call,
                        const std::string& full_method, const rpc::Received<Request>& received) {
  const absl::Status readable =
      Readable(context.refusals->words(), received.flaw, rpc::kBytesMaxOf<Request>);
  return readable.ok() ? Admit(context, call, full_method, ActorOf(received.message)) : readable;
}

// The handler of a unary call of the service. Calls `method` with what can be read and is let in, and refuses the rest
// by name. gRPC takes it over.
template <class S, class Own, class Handlers, class Request, class Response>
grpc::internal::MethodHandler* ReceivingHandler(
    Context<S, Own>* context, const char* service_full_name, const char* name, Handlers* handlers,
    grpc::ServerUnaryReactor* (Handlers::*method)(grpc::CallbackServerContext*, const Request*, Response*)) {
  return new grpc::internal::CallbackUnaryHandler<rpc::Received<Request>, Response>(
      [context, name, full_method = FullMethod(service_full_name, name), handlers, method](
          grpc::CallbackServerContext* call, const rpc::Received<Request>* received, Response* response) {
        const absl::Status refusal = Receivable(*context, *call, full_method, *received);
        if (refusal.ok()) return (handlers->*method)(call, &received->message, response);
        const UnaryCall refused(context, call, name, received->message);
        refused.End(refusal);
        return refused.reactor();
      });
}

// A stream of answers that was refused. Owns itself.
template <class Response>
class RefusedStream final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedStream(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

// The handlers of streams, opened by `open`, which gets the call, and, where the client sends one request only, that,
// once it is let in. A stream of requests asks Admit for each of them itself.
template <class Request, class Response, class Open>
grpc::internal::MethodHandler* ReceivingBidiHandler(Open open) {
  return new grpc::internal::CallbackBidiHandler<rpc::Received<Request>, Response>(std::move(open));
}
template <class Request, class Response, class S, class Own, class Open>
grpc::internal::MethodHandler* ReceivingStreamHandler(Context<S, Own>* context, const char* service_full_name,
                                                      const char* name, Open open) {
  return new grpc::internal::CallbackServerStreamingHandler<rpc::Received<Request>, Response>(
      [context, name, full_method = FullMethod(service_full_name, name), open = std::move(open)](
          grpc::CallbackServerContext* call,
          const rpc::Received<Request>* received) -> grpc::ServerWriteReactor<Response>* {
        const absl::Status refusal = Receivable(*context, *call, full_method, *received);
        if (refusal.ok()) return open(call, *received);
        const rpc::CountedCall counted((*context->calls)[name]);
        return new RefusedStream<Response>(
            counted.End(Refuse(*context, *call, name, ActorOf(received->message), refusal)));
      });
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_RECEIVED_CALL_H_
