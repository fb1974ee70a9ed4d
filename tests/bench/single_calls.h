#ifndef MYNUMBER_TESTS_BENCH_SINGLE_CALLS_H_
#define MYNUMBER_TESTS_BENCH_SINGLE_CALLS_H_

#include <functional>
#include <string>

#include "tests/bench/callers.h"
#include <grpcpp/client_context.h>

#include "tests/bench/callers.h"
#include "tests/bench/measures.h"
#include "tests/bench/standalone_under_load.h"

namespace mynumber::bench {

// One unary call with what it needs to live until it is answered.
template <class Request, class Response>
struct Pending {
  grpc::ClientContext context;
  Request request;
  Response response;
};

// So many callers of `start`, one call at a time each, beside as many of an empty call.
void MeasureBesideEcho(const BenchOptions& options, const std::string& name, int callers, const StartCall& start,
                       Report* report);

// Registrations from 1, 8 and 64 callers, each against an empty call, and at a third of the greatest rate. The figures
// are called issuance.single.<callers><suffix>. `beside` is told of each number of callers right after it was measured,
// and may measure something of its own.
void MeasureSingleCalls(const BenchOptions& options, StandaloneUnderLoad* cluster, const std::string& suffix,
                        Report* report, const std::function<void(int callers, const CallFigures& ours)>& beside);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_SINGLE_CALLS_H_
