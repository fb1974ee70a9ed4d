#include "services/mynumberctl/bulk_kinds.h"

namespace mynumber::mynumberctl {

size_t RegisterResidents::Bytes(const Row& row) {
  const auto& details = row.details();
  return 160 + details.full_name().size() + details.alias().size() + details.name_kana().size() +
         details.address().size();
}

size_t ReportTrackingEvents::Bytes(const Row& row) {
  const auto& report = row.report();
  return 80 + row.tracking_number().size() + report.status().size() + report.detail().size() +
         report.office().size() + report.prefecture().size() + report.postal_code().size();
}

}  // namespace mynumber::mynumberctl
