#include "services/mynumberctl/fake_notice.h"

#include <utility>

namespace mynumber::mynumberctl {

using namespace notice::v1;

grpc::Status FakeNotice::Answer(Notice* response) {
  if (!next_answer.ok()) return std::exchange(next_answer, grpc::Status::OK);
  *response = notices.at(0);
  return grpc::Status::OK;
}

grpc::Status FakeNotice::GetNotice(grpc::ServerContext*, const GetNoticeRequest*, Notice* response) {
  return Answer(response);
}

// Page tokens are indexes.
grpc::Status FakeNotice::ListNotices(grpc::ServerContext*, const ListNoticesRequest* request,
                                     ListNoticesResponse* response) {
  last_list = *request;
  size_t next = request->page_token().empty() ? 0 : std::stoul(request->page_token());
  while (next < notices.size() && response->notices_size() < request->page_size()) {
    *response->add_notices() = notices[next++];
  }
  if (next < notices.size()) response->set_next_page_token(std::to_string(next));
  return grpc::Status::OK;
}

grpc::Status FakeNotice::ExplainNotice(grpc::ServerContext*, const ExplainNoticeRequest*,
                                       ExplainNoticeResponse* response) {
  *response = explanation;
  return grpc::Status::OK;
}

grpc::Status FakeNotice::RenderNotice(grpc::ServerContext*, const RenderNoticeRequest* request,
                                      RenderNoticeResponse* response) {
  last_render = *request;
  response->set_pdf("%PDF-1.5 a drawing");
  return Answer(response->mutable_notice());
}

grpc::Status FakeNotice::ListWork(grpc::ServerContext*, const ListWorkRequest*, ListWorkResponse* response) {
  for (const Work& one : work) *response->add_work() = one;
  return grpc::Status::OK;
}

grpc::Status FakeNotice::ClaimWork(grpc::ServerContext*, const ClaimWorkRequest* request, Work* response) {
  last_claim = *request;
  *response = work.at(0);
  return grpc::Status::OK;
}

grpc::Status FakeNotice::ResolveWork(grpc::ServerContext*, const ResolveWorkRequest* request, Work* response) {
  last_resolve = *request;
  *response = work.at(0);
  return grpc::Status::OK;
}

grpc::Status FakeNotice::WatchNotices(grpc::ServerContext*, const WatchNoticesRequest* request,
                                      grpc::ServerWriter<WatchNoticesResponse>* writer) {
  last_watch = *request;
  for (const auto& change : changes) writer->Write(change);
  return grpc::Status::OK;
}

}  // namespace mynumber::mynumberctl
