#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_ASSEMBLY_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_ASSEMBLY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/rpc/server.h"
#include "libs/serving/assembly.h"
#include "services/hotline/service.h"
#include "services/hotline/service_driver.h"

namespace mynumber::hotline {

struct HotlineOptions {
  LineSettings lines;
  // How long an operator waits for the card service before the answer is "not yet in effect".
  int64_t answer_millis = 2000;
  // How often what is not yet in effect is tried.
  int64_t driver_millis = 500;
  // What a disk holds of suspensions that no log takes.
  size_t spool_files_max = 10'000;
  // From a case's closing until all that it says is destroyed.
  int case_retention_days = kCaseRetentionDays;
};

inline constexpr char kName[] = "hotline";

// The hotline of one process, put together.
class Assembly {
 public:
  using Served = serving::Assembly<HotlineDomain, HotlineParts>;

  // Opens everything and starts to catch up. The spool is <data>/hotline/spool.
  static absl::StatusOr<std::unique_ptr<Assembly>> Start(const serving::AssemblyOptions& options,
                                                         const serving::Surroundings& around,
                                                         const HotlineOptions& hotline);
  // Stops.
  ~Assembly() { Stop(); }

  // Until then nobody is identified, and suspensions wait.
  void ConnectCards(std::shared_ptr<grpc::ChannelInterface> channel) { cards_.Connect(std::move(channel)); }
  rpc::NamedService service() { return {v1::HotlineService::service_full_name(), &service_}; }
  operations::OperatedService operated() { return served_.operated(); }
  // The partitions, and how they are owned and refused.
  Served& served() { return served_; }
  // After the server has drained.
  void Stop();

 private:
  Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around, const HotlineOptions& hotline);
  serving::ServedService<HotlineDomain> Describe();

  HotlineDomain domain_;
  CardClient cards_;
  const sealing::KeyedHash case_hash_;
  std::unique_ptr<Spool> spool_;
  Served served_;
  HotlineService service_;
  std::unique_ptr<runtime::Workers> spool_writer_;
  std::unique_ptr<Driver> driver_;
};

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_ASSEMBLY_H_
