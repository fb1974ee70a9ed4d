#include "services/mynumberctl/session.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>

#include "libs/certificates/identity.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/tls.h"
#include "services/mynumberctl/request_ids.h"
#include "services/mynumberctl/display_text.h"

namespace mynumber::mynumberctl {
namespace {

std::chrono::system_clock::time_point After(double seconds) {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

// Of the certificate, or none for plain text; or what is wrong, in a sentence.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const Settings& settings) {
  if (!settings.certificates.empty()) return rpc::TlsChannelCredentials({settings.certificates});
  const absl::Status status = rpc::CheckPlainText(settings.server);
  if (!status.ok()) return status;
  return grpc::InsecureChannelCredentials();
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server,
                                           const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // records of a log may be large
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  return grpc::CreateCustomChannel(server, credentials, arguments);
}

// As the certificate says it; empty if there is none.
std::string CertifiedAuthority(const std::string& certificates) {
  if (certificates.empty()) return "";
  const auto identity = certificates::ReadIdentity(certificates);
  return identity.ok() ? identity->uri.substr(std::strlen(certificates::kTrustDomain)) : "";
}

}  // namespace

// Connecting before the first call tells "nothing was sent" from "sent, and no answer".
bool Session::Connect() {
  if (issuance_) return true;
  const absl::StatusOr<std::string> target = rpc::TargetOf(settings.server);
  if (!target.ok()) {
    Usage("--server: " + std::string(target.status().message()));
    return false;
  }
  const auto credentials = CredentialsOf(settings);
  if (!credentials.ok()) {
    Usage(std::string(credentials.status().message()));
    return false;
  }
  auto channel = MakeChannel(*target, *credentials);
  const auto deadline = After(settings.timeout_seconds);
  for (auto state = channel->GetState(true); state != GRPC_CHANNEL_READY; state = channel->GetState(true)) {
    const bool refused = state == GRPC_CHANNEL_TRANSIENT_FAILURE || state == GRPC_CHANNEL_SHUTDOWN;
    if (refused || !channel->WaitForStateChange(state, deadline)) {
      Fail(NoServer(settings.server));
      return false;
    }
  }
  operations_ = operations::OperationsService::NewStub(channel);
  notice_ = notice::v1::NoticeService::NewStub(channel);
  card_ = card::v1::CardService::NewStub(channel);
  hotline_ = hotline::v1::HotlineService::NewStub(channel);
  post_office_ = postoffice::v1::PostOfficeService::NewStub(channel);
  issuance_ = v1::IssuanceService::NewStub(channel);
  return true;
}

mynumber::type::Actor Session::Actor() const {
  mynumber::type::Actor actor;
  actor.set_authority(settings.authority.empty() ? CertifiedAuthority(settings.certificates) : settings.authority);
  actor.set_clerk_id(settings.clerk);
  return actor;
}

mynumber::type::Actor Session::ActorFor(const std::string& municipality) const {
  mynumber::type::Actor actor = Actor();
  if (actor.authority().empty()) actor.set_authority("municipality/" + municipality);
  return actor;
}

ExitCode Session::Fail(const Failure& failure) const {
  if (json()) {
    console.err << ToJson(failure) << std::endl;
  } else {
    const std::string text = "mynumberctl: " + Printable(ToText(failure));
    const int columns = console.err_is_terminal ? std::max(console.columns, 20) : std::numeric_limits<int>::max();
    for (const std::string& line : Wrap(text, columns)) console.err << line << '\n';
    console.err << std::flush;
  }
  return failure.code;
}

ExitCode Session::Usage(const std::string& sentence) const { return Fail(Failure{ExitCode::kUsage, "", "", sentence}); }

ExitCode Session::Refuse(const std::string& sentence) const {
  return Fail(Failure{ExitCode::kRefused, "", "", sentence});
}

std::string Session::NumberToShow(const std::string& number, const std::string& masked) const {
  if (number.empty()) return masked;
  return settings.show_number ? number : MaskNumber(number);
}

void Session::SetDeadline(grpc::ClientContext* context) const {
  context->set_deadline(After(settings.timeout_seconds));
}

std::string Session::RequestId() {
  if (settings.request_id.empty()) settings.request_id = RandomRequestId();
  return settings.request_id;
}

}  // namespace mynumber::mynumberctl
