#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_CARDS_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_CARDS_H_

#include <functional>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "libs/eventsourcing/subject.h"
#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "mynumber/hotline/events/v1/events.pb.h"

namespace mynumber::hotline {

// The card service, as the hotline calls it. Never blocks; any thread.
class CardClient {
 public:
  template <class Response>
  using Done = std::function<void(const absl::Status&, const Response&)>;

  // UNAVAILABLE before the first time.
  void Connect(std::shared_ptr<grpc::ChannelInterface> channel);

  // `done` comes once, at the latest a moment after `millis`, maybe before this returns; errors carry the card
  // service's Problem.
  void FindHolders(const card::v1::FindHoldersRequest& request, int64_t millis,
                   Done<card::v1::FindHoldersResponse> done);
  void ConfirmHolder(const card::v1::ConfirmHolderRequest& request, int64_t millis,
                     Done<card::v1::ConfirmHolderResponse> done);
  void SuspendCard(const card::v1::SuspendCardRequest& request, int64_t millis,
                   Done<card::v1::SuspendCardResponse> done);

 private:
  using Stub = card::v1::CardService::Stub;
  std::shared_ptr<Stub> stub() const;

  mutable std::mutex mutex_;
  std::shared_ptr<Stub> stub_;
};

// What the card service said of a suspension.
struct CardAnswer {
  enum class Kind {
    // Nothing that would be for good.
    kNone,
    kInEffect,
    kRefused,
  };
  Kind kind = Kind::kNone;
  events::v1::SuspensionTookEffect took_effect;
  events::v1::SuspensionRefused refused;
  // Of a refusal: the hotline's own.
  absl::Status refusal;
};

CardAnswer AnswerOf(const std::string& card, const absl::Status& status, const card::v1::SuspendCardResponse& response);
// The same whoever asks, and however often.
card::v1::SuspendCardRequest CardRequestOf(const eventsourcing::SubjectId& id,
                                           const events::v1::SuspensionRequested& requested);
// Whether a "no" of a service tells of the request, and not of the moment.
bool IsForGood(const absl::Status& status);
// The same of what the own log said.
inline bool IsNo(const absl::Status& status) { return IsForGood(status) || absl::IsAlreadyExists(status); }

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_CARDS_H_
