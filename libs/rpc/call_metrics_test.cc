#include "libs/rpc/call_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/rpc/problem.h"
#include "libs/rpc/status_details.h"
#include "mynumber/testing/v1/echo.grpc.pb.h"

namespace mynumber::rpc {
namespace {

using ::testing::HasSubstr;

// Names a message too: the linker leaves generated code out that nobody uses.
const std::string kEcho = testing::v1::EchoRequest::descriptor()->file()->service(0)->full_name();

TEST(CallMetricsTest, CountsByMethodAndCode) {
  metrics::Registry registry;
  const CallMetrics calls(registry, kEcho);
  EXPECT_TRUE(CountedCall(calls["Echo"]).End(absl::OkStatus()).ok());
  const grpc::Status refused = CountedCall(calls["Echo"]).End(absl::NotFoundError("no such resident"));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(ProblemOf(FromGrpc(refused)).has_value());

  const std::string text = registry.Text();
  const std::string labels = "method=\"Echo\",service=\"mynumber.testing.v1.EchoService\"";
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_requests_total{code=\"OK\"," + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_requests_total{code=\"NOT_FOUND\"," + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_requests_total{code=\"UNAUTHENTICATED\"," + labels + "} 0\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_duration_seconds_count{" + labels + "} 2\n"));
}

TEST(CallMetricsTest, DurationsFallIntoBuckets) {
  metrics::Registry registry;
  const CallMetrics calls(registry, kEcho);
  calls["EchoStream"].Record(grpc::StatusCode::OK, 2'000);
  calls["EchoStream"].Record(static_cast<grpc::StatusCode>(99), 20'000'000);
  const std::string labels = "method=\"EchoStream\",service=\"mynumber.testing.v1.EchoService\"";
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_duration_seconds_bucket{" + labels + ",le=\"0.001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_duration_seconds_bucket{" + labels + ",le=\"0.0025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_duration_seconds_bucket{" + labels + ",le=\"10\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_rpc_requests_total{code=\"UNKNOWN\"," + labels + "} 1\n"));
}

TEST(CallMetricsDeathTest, UnknownServicesAndMethodsAreMistakes) {
  metrics::Registry registry(metrics::Registry::Kind::kInert);
  EXPECT_DEATH(CallMetrics(registry, "mynumber.none.v1.None"), "no generated code for the service mynumber.none.v1");
  const CallMetrics calls(registry, kEcho);
  EXPECT_DEATH(calls["Eco"], "service mynumber.testing.v1.EchoService has no method Eco");
}

}  // namespace
}  // namespace mynumber::rpc
