#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_POST_OFFICE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_POST_OFFICE_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "mynumber/postoffice/v1/postoffice_service.grpc.pb.h"

namespace mynumber::mynumberctl {

// Keeps reports in memory: a report that it has is a duplicate, one of a number that is on no manifest is kept
// unmatched, and a number that is no number is refused.
class FakePostOffice final : public postoffice::v1::PostOfficeService::Service {
 public:
  // Set before the call that they concern.
  std::vector<postoffice::v1::ManifestPiece> pieces;
  uint64_t without_number = 0;
  std::vector<postoffice::v1::UnknownWord> words;
  std::atomic<int> reports_until_cut{-1};  // the stream breaks before it answers the batch with this report; -1: never
  std::atomic<int> reports_not_now{0};     // so many reports are answered QUEUE_FULL first

  // What arrived.
  postoffice::v1::RegisterTrackingRangeRequest last_range;
  postoffice::v1::GetManifestRequest last_manifest;
  mynumber::type::Actor last_actor;
  std::atomic<int> batch_max{0};
  // Each report once, in the order of arrival, by tracking number.
  std::map<std::string, std::vector<notice::events::v1::TrackingReport>> reports() const;

  grpc::Status RegisterTrackingRange(grpc::ServerContext*, const postoffice::v1::RegisterTrackingRangeRequest* request,
                                     postoffice::v1::RegisterTrackingRangeResponse* response) override;
  grpc::Status GetManifest(grpc::ServerContext*, const postoffice::v1::GetManifestRequest* request,
                           grpc::ServerWriter<postoffice::v1::GetManifestResponse>* writer) override;
  grpc::Status ReportTrackingEvents(
      grpc::ServerContext*, grpc::ServerReaderWriter<postoffice::v1::ReportTrackingEventsResponse,
                                                     postoffice::v1::ReportTrackingEventsRequest>* stream) override;
  grpc::Status ListUnknownWords(grpc::ServerContext*, const postoffice::v1::ListUnknownWordsRequest* request,
                                postoffice::v1::ListUnknownWordsResponse* response) override;

 private:
  postoffice::v1::ReportedEvent Take(const postoffice::v1::PieceReport& report);

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<notice::events::v1::TrackingReport>> reports_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_POST_OFFICE_H_
