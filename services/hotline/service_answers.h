#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_ANSWERS_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_ANSWERS_H_

#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/subject.h"
#include "mynumber/hotline/rows/v1/rows.pb.h"
#include "mynumber/hotline/v1/hotline_service.pb.h"
#include "services/hotline/domain/state_open_lines.h"

namespace mynumber::hotline {

// `position` may be null.
void FillCase(const rows::v1::CaseState& state, const eventsourcing::SubjectId& id,
              const eventsourcing::Position* position, bool with_notes, v1::Case* answer);
void FillLines(int64_t micros, std::string_view language, const OpenLines& open, v1::GetOpenLinesResponse* answer);
void FillInEffect(const events::v1::SuspensionTookEffect& took_effect, v1::SuspendCardResponse* answer);
void FillNotYetInEffect(v1::SuspendCardResponse* answer);

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_ANSWERS_H_
