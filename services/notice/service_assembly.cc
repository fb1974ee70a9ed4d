#include "services/notice/service_assembly.h"

#include <utility>

#include "libs/identifiers/application_id_permutation.h"
#include "mynumber/notice/v1/error_reason.pb.h"
#include "services/notice/projections/tables.h"

namespace mynumber::notice {
namespace {

Given GivenBy(const serving::AssemblyOptions& options, const sealing::Keyring* keyring,
              std::map<std::string, int> custody_months) {
  Given given;
  given.partition_count = options.partition_count;
  // A cipher is one thread's; making one takes a microsecond, and a notice is prepared once.
  given.application_id_for = [keyring](std::string_view ten_free_digits, int serial) {
    sealing::BlockCipher cipher = keyring->ApplicationIdCipher();
    const identifiers::ApplicationIdPermutation permutation({&sealing::BlockCipher::Call, &cipher});
    return std::string(permutation.IdFor(ten_free_digits, serial).digits());
  };
  given.custody_months = [months = std::move(custody_months)](std::string_view municipality) {
    const auto found = months.find(std::string(municipality));
    return found == months.end() ? kCustodyMonths : found->second;
  };
  return given;
}

}  // namespace

serving::ServedService<NoticeDomain> Assembly::Describe() {
  serving::ServedService<NoticeDomain> served;
  served.name = kName;
  served.full_name = v1::NoticeService::service_full_name();
  served.also_serves = {postoffice::v1::PostOfficeService::service_full_name()};
  served.domain = &domain_;
  served.refusals = &kRefusals;
  served.reasons = v1::ErrorReason_descriptor();
  served.events = NoticeDomain::Event::descriptor();
  served.projection_version = kProjectionVersion;
  served.niceness = serving::kStandsBack;
  served.collection = "residents";
  served.reacts_to = {"issuance"};
  served.now_and_then = [this] { metrics_.NowAndThen(*served_.context()); };
  return served;
}

Assembly::Assembly(const serving::AssemblyOptions& options, const serving::Surroundings& around, NoticeOptions notices)
    : domain_{GivenBy(options, around.keyring, std::move(notices.custody_months))},
      metrics_(around.registry),
      served_(Describe(), options, around),
      notices_(served_.context()),
      post_office_(served_.context()) {
  served_.context()->own = std::move(notices.printed);
}

absl::StatusOr<std::unique_ptr<Assembly>> Assembly::Start(const serving::AssemblyOptions& options,
                                                          const serving::Surroundings& around, NoticeOptions notices) {
  std::unique_ptr<Assembly> assembly(new Assembly(options, around, std::move(notices)));
  absl::Status status = assembly->served_.Open();
  if (!status.ok()) return status;
  return assembly;
}

std::vector<rpc::NamedService> Assembly::services() {
  return {{v1::NoticeService::service_full_name(), &notices_},
          {postoffice::v1::PostOfficeService::service_full_name(), &post_office_}};
}

}  // namespace mynumber::notice
