#ifndef MYNUMBER_LIBS_RPC_CALL_H_
#define MYNUMBER_LIBS_RPC_CALL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <grpcpp/grpcpp.h>

#include "libs/metrics/metrics.h"

// What a handler takes from the context of its call.
namespace mynumber::rpc {

// A place in a distributed trace (W3C Trace Context, level 1). Lower-case hex.
struct Trace {
  std::string trace_id;  // 32 digits, not all 0
  std::string span_id;   // 16 digits, not all 0
  std::string flags;     // 2 digits

  // As the header has it, and as an event carries it: "00-<trace id>-<span id>-<flags>".
  std::string Traceparent() const;
};

// A new trace that nobody has asked to sample; a client begins with it.
Trace NewTrace();

// The same trace with a span id of its own.
Trace ChildOf(const Trace& parent);

// Nothing if `header` breaks the standard's rules.
std::optional<Trace> ParseTraceparent(std::string_view header);

// The span of this call: a child of what the header "traceparent" says; of a new trace if there is none. A malformed
// header, or more than one, is ignored as the standard wants it, and counted in `malformed`.
Trace TraceOf(const grpc::ServerContextBase& context, const metrics::Counter& malformed);

// Sends `trace` along with a call of ours.
void SendAlong(const Trace& trace, grpc::ClientContext& context);

// Micros until the client gives up; 0 or less: it has. Nothing if it waits for ever.
std::optional<int64_t> MicrosLeft(const grpc::ServerContextBase& context, int64_t now_micros);

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_CALL_H_
