#include "services/card/metrics.h"

#include "services/card/projections/tables.h"

namespace mynumber::card {

CardMetrics::CardMetrics(metrics::Registry* registry) {
  const metrics::Labels own = {{"service", "card"}};
  suspended_ = registry->AddGauge("mynumber_cards_suspended", "Cards that are suspended or held.", own);
  to_be_ordered_ = registry->AddGauge("mynumber_applications_to_be_ordered",
                                      "Approved applications whose cards have not been ordered.", own);
  waiting_mails_ = registry->AddGauge("mynumber_mails_waiting", "Mails that are to be handed over.", own);
}

void CardMetrics::NowAndThen(const ServiceContext& context) {
  if (!pace_.IsTime()) return;
  suspended_.Set(serving::CountServedRows(context, kSuspendedTable));
  to_be_ordered_.Set(serving::CountServedRows(context, kToBeOrderedTable));
  waiting_mails_.Set(serving::CountServedRows(context, kMailTable));
}

}  // namespace mynumber::card
