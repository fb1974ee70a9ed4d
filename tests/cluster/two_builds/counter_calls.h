#ifndef MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_COUNTER_CALLS_H_
#define MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_COUNTER_CALLS_H_

#include "libs/serving/context.h"
#include "mynumber/testing/v1/counter.grpc.pb.h"
#include "tests/cluster/two_builds/counter.h"

namespace mynumber::two_builds {

using CounterContext = serving::Context<Counter>;

// Takes calls of clients, for every partition.
class CounterCalls : public testing::v1::CounterService::CallbackService {
 public:
  // Does not own `context`.
  explicit CounterCalls(CounterContext* context) : context_(context) {}

  grpc::ServerUnaryReactor* Count(grpc::CallbackServerContext* call, const testing::v1::CountRequest* request,
                                  testing::v1::CountResponse* response) override;
  grpc::ServerUnaryReactor* GetCounter(grpc::CallbackServerContext* call,
                                       const testing::v1::GetCounterRequest* request,
                                       testing::v1::CountResponse* response) override;

 private:
  CounterContext* const context_;
};

}  // namespace mynumber::two_builds

#endif  // MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_COUNTER_CALLS_H_
