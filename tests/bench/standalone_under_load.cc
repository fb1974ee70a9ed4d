#include "tests/bench/standalone_under_load.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/access/unlimited_policy.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/tls.h"
#include "services/mynumberctl/bulk_send.h"
#include "tests/bench/made_up_residents.h"

namespace mynumber::bench {
namespace {

namespace v1 = issuance::v1;

// Instance and client have a certificate each, in folders of their names.
constexpr char kInstance[] = "/service/standalone";
constexpr char kClient[] = "/municipality/131016";

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const std::string& certificates) {
  return certificates.empty() ? nullptr : rpc::TlsChannelCredentials({certificates + kClient}).value();
}

std::vector<std::string> With(std::vector<std::string> words, const std::string& certificates) {
  if (!certificates.empty()) words.insert(words.end(), {"--certificates", certificates + kInstance});
  return words;
}

std::vector<std::string> CommandLine(const BenchOptions& options, const std::string& data, int port, int admin,
                                     const std::vector<std::string>& more) {
  std::filesystem::create_directories(options.folder);
  // What number issuance costs by itself: the others are measured by themselves.
  std::vector<std::string> words = {options.standalone, "--data", data, "--listen", absl::StrCat("127.0.0.1:", port),
                                    "--admin", absl::StrCat("127.0.0.1:", admin), "--log_level", "warn",
                                    "--notices=false", "--cards=false", "--policy",
                                    access::WriteUnlimitedPolicy(options.folder + "/unlimited-policy.textproto")};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

double Since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void Give(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

StandaloneUnderLoad::StandaloneUnderLoad(const BenchOptions& options, const std::string& data,
                                         const std::vector<std::string>& words, const std::string& certificates,
                                         const std::string& preload)
    : port(FreePort()),
      admin(FreePort()),
      credentials(CredentialsOf(certificates)),
      process(CommandLine(options, data, port, admin, With(words, certificates)), options.folder + "/standalone.log",
              preload) {
  ready_seconds = AwaitReady(admin, 600);
}

std::string StandaloneUnderLoad::target() const { return absl::StrCat("127.0.0.1:", port); }

LoadFigures Load(uint64_t first, uint64_t count, StandaloneUnderLoad* cluster) {
  rpc::ChannelOptions channel;
  channel.credentials = cluster->credentials;
  auto stub = v1::IssuanceService::NewStub(rpc::MakeChannel(cluster->target(), channel));
  mynumberctl::BulkOptions bulk;
  bulk.actor.set_authority("municipality/131016");
  bulk.actor.set_clerk_id("bench");
  mynumberctl::BulkTotals totals;
  uint64_t next = first;
  const double server_before = cluster->process.CpuSeconds(), client_before = OwnCpuSeconds();
  const auto start = Clock::now();
  const absl::Status status = mynumberctl::BulkSend<mynumberctl::RegisterResidents>(
      *stub, bulk,
      [&](v1::RegisterResidentRequest* row, uint64_t* line) {
        if (next == first + count) return false;
        MakeUpResident(next, row);
        *line = ++next;
        return true;
      },
      [](const mynumberctl::BulkAnswer<mynumberctl::RegisterResidents>&) {}, &totals);
  const double seconds = Since(start);
  if (!status.ok() || totals.accepted != count) {
    Give(absl::StrCat("the load failed: ", totals.accepted, " of ", count, " rows; ", status.ToString()));
  }
  const double rows = static_cast<double>(count);
  return {rows / seconds, (cluster->process.CpuSeconds() - server_before) / rows * 1e6,
          (OwnCpuSeconds() - client_before) / rows * 1e6};
}

}  // namespace mynumber::bench
