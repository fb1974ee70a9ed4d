#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_ASSEMBLY_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_ASSEMBLY_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/rpc/server.h"
#include "libs/serving/assembly.h"
#include "services/notice/metrics.h"
#include "services/notice/service.h"

namespace mynumber::notice {

struct NoticeOptions {
  // By municipality code: how long a returned notice is kept, in months; kCustodyMonths for all others.
  std::map<std::string, int> custody_months;
  NoticeParts printed;
};

inline constexpr char kName[] = "notice";

// The notice service of one process, put together: for municipalities and for the post office.
class Assembly {
 public:
  using Served = serving::Assembly<NoticeDomain, NoticeParts>;

  // Opens everything and starts to catch up. Reacts to number issuance's log, which has as many partitions.
  static absl::StatusOr<std::unique_ptr<Assembly>> Start(const serving::AssemblyOptions& options,
                                                         const serving::Surroundings& around, NoticeOptions notices);
  // After Stop.
  ~Assembly() { served_.Stop(); }

  std::vector<rpc::NamedService> services();
  operations::OperatedService operated() { return served_.operated(); }
  // The partitions, and how they are owned, refused and stopped.
  Served& served() { return served_; }

 private:
  Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around, NoticeOptions notices);
  serving::ServedService<NoticeDomain> Describe();

  NoticeDomain domain_;
  NoticeMetrics metrics_;
  Served served_;
  NoticeService notices_;
  PostOfficeService post_office_;
};

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_ASSEMBLY_H_
