#ifndef MYNUMBER_SERVICES_CARD_SERVICE_ASKED_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_ASKED_H_

// What the handlers of writing and reading calls share.

#include <string>
#include <vector>

#include "libs/serving/reads.h"
#include "libs/serving/writes.h"
#include "services/card/domain/state_standing.h"
#include "services/card/domain/state_transitions.h"
#include "services/card/service_answers.h"
#include "services/card/service_context.h"

namespace mynumber::card {

// Whose they are, or why that is not known.
template <class Name>
absl::StatusOr<SubjectId> ResidentOf(const absl::StatusOr<Name>& name) {
  if (!name.ok()) return name.status();
  return name->resident;
}

// A municipality acts by a clerk; sites, booths, terminals and the factory need none.
inline bool NeedsClerk(const type::Actor& actor) {
  const events::v1::Channel channel = ChannelOf(actor.authority());
  return channel == events::v1::CHANNEL_COUNTER || channel == events::v1::CHANNEL_HOTLINE;
}

inline absl::Status ValidateFactory(const type::Actor& actor) {
  absl::Status status = ValidateActor(kRefusals, actor, false);
  if (!status.ok()) return status;
  return actor.authority() == "factory" ? absl::OkStatus() : refusals::FactoryOnly();
}

inline absl::Status ValidateHotline(const type::Actor& actor) {
  absl::Status status = ValidateActor(kRefusals, actor, false);
  if (!status.ok()) return status;
  return ChannelOf(actor.authority()) == events::v1::CHANNEL_HOTLINE ? absl::OkStatus() : refusals::HotlineOnly();
}

// Of enums whose 0 says nothing.
template <class IsValid>
absl::Status Known(IsValid is_valid, int value, const absl::Status& missing) {
  return value != 0 && is_valid(value) ? absl::OkStatus() : missing;
}

template <class Enum>
std::vector<Enum> EnumsOf(const google::protobuf::RepeatedField<int>& values) {
  std::vector<Enum> enums;
  for (const int value : values) enums.push_back(static_cast<Enum>(value));
  return enums;
}

// A writing call about a card or an application: sends what `make(number)` makes, and answers as `fill(name)` fills it.
template <class Message, class Answer, class Make, class Fill>
grpc::ServerUnaryReactor* WriteNamed(ServiceContext* context, grpc::CallbackServerContext* rpc_call,
                                     const char* method, const Message& request,
                                     const absl::StatusOr<NumberedName>& name, const absl::Status& valid,
                                     Answer* response, const Make& make, const Fill& fill) {
  const UnaryCall call(context, rpc_call, method, request);
  auto asked = serving::CheckAskedOf(context, *rpc_call, method, request, ResidentOf(name), valid,
                                     NeedsClerk(request.actor()));
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  serving::SendAndAnswer(context, call, *asked, name->resident, make(name->number), response, fill(*name));
  return call.reactor();
}

// Of the named card: answers how it stands then.
template <class Message, class Make>
grpc::ServerUnaryReactor* WriteCard(ServiceContext* context, grpc::CallbackServerContext* rpc_call,
                                    const char* method, const Message& request, const absl::Status& valid,
                                    v1::Card* response, const Make& make) {
  const auto fill = [context](const NumberedName& name) {
    return [context, name](const Prepared& prepared, v1::Card* answer) {
      const rows::v1::Card* card = FindCard(prepared.state.file(), name.number);
      if (card == nullptr) return;
      FillCard(prepared.state, name.resident, *card, context->now(), &prepared.position, answer);
    };
  };
  return WriteNamed(context, rpc_call, method, request, ValidateCardName(request.name()), valid, response, make, fill);
}

// Tells of the application of this number, or else of this form, or else of the one that was begun last.
inline auto AnswerApplication(const SubjectId& resident, uint32_t number, uint32_t form) {
  return [resident, number, form](const Prepared& prepared, v1::Application* answer) {
    const rows::v1::HolderFile& file = prepared.state.file();
    const bool is_by_form = number == 0 && form != 0;
    const auto* application = is_by_form
                                  ? ApplicationOfForm(file, form)
                                  : FindApplication(file, number == 0 ? file.last_application() : number);
    if (application == nullptr) return;
    FillApplication(prepared.state, resident, *application, &prepared.position, answer);
  };
}

// A municipality sees its own residents; the hotline everybody who calls.
inline bool MaySee(const type::Actor& actor, const std::string& municipality) {
  return ChannelOf(actor.authority()) == events::v1::CHANNEL_HOTLINE || MunicipalityOf(actor) == municipality;
}

// ... or whose card lies there.
inline bool MaySee(const type::Actor& actor, const rows::v1::HolderFile& file, const rows::v1::Card& card) {
  return MaySee(actor, file.person().municipality_code()) || MaySee(actor, MunicipalityOfCard(file, card));
}

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_ASKED_H_
