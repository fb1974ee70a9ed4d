#include "libs/rpc/tls.h"

#include <arpa/inet.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/certificates/identity.h"
#include "libs/certificates/revocations.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "libs/rpc/refusals.h"

namespace mynumber::rpc {
namespace {

using certificates::Identity;
using certificates::Revocations;

std::string_view Text(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// gRPC 1.51 cannot be asked for TLS 1.3 alone: its options always set 1.2 as the least version. So we leave TLS 1.2 no
// cipher: this one takes a pre-shared key, which gRPC never has. TLS 1.3's own ciphers are not in this list. gRPC reads
// the variable once, at the first TLS connection; we set it before main(), as long as there is one thread.
const bool is_tls_13_alone = setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-PSK-CHACHA20-POLY1305", 1) == 0;

// Sees a peer whose chain is verified.
class PeerVerifier : public grpc::experimental::ExternalCertificateVerifier {
 public:
  // Whether a peer may have this name.
  using Wanted = std::function<bool(std::string_view uri)>;

  PeerVerifier(std::unique_ptr<Revocations> revocations, Wanted wanted)
      : revocations_(std::move(revocations)), wanted_(std::move(wanted)) {}

  bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* answer) override {
    const std::vector<grpc::string_ref> uris = request->uri_names();
    const std::string_view uri = uris.size() == 1 ? Text(uris[0]) : std::string_view();
    if (!certificates::IsIdentity(uri) || !wanted_(uri)) {
      *answer =
          Refuse(Refusal::kWrongName, uri, "The peer's certificate is another's than the one that is wanted here.");
      return true;
    }
    const absl::Status checked = revocations_->Check(Text(request->peer_cert()), Text(request->peer_cert_full_chain()));
    if (checked.ok()) return true;
    *answer =
        Refuse(absl::IsPermissionDenied(checked) ? Refusal::kRevoked : Refusal::kUntrusted, uri, checked.message());
    return true;
  }

  void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

 private:
  static grpc::Status Refuse(Refusal refusal, std::string_view uri, absl::string_view sentence) {
    CountRefusal(refusal);
    log::Warn("peer_refused", {{"reason", kRefusalNames[static_cast<size_t>(refusal)]}, {"identity", uri}});
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, std::string(sentence));
  }

  const std::unique_ptr<Revocations> revocations_;
  const Wanted wanted_;
};

bool Anybody(std::string_view) { return true; }

std::shared_ptr<grpc::experimental::CertificateProviderInterface> Watch(const TlsFiles& files) {
  const auto path = [&](const char* name) { return absl::StrCat(files.folder, "/", name); };
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      path(certificates::kKeyFile), path(certificates::kCertificateFile), path(certificates::kAuthorityFile),
      static_cast<unsigned>(std::max(1, files.reload_seconds)));
}

// The checks at the start, before gRPC reads the files, which would only log what is wrong; then what checks each peer.
absl::StatusOr<std::shared_ptr<grpc::experimental::CertificateVerifier>> CheckFiles(const TlsFiles& files,
                                                                                    PeerVerifier::Wanted wanted) {
  if (!is_tls_13_alone) return absl::InternalError("TLS 1.2 cannot be switched off in this process.");
  TakeGrpcLog();
  if (const absl::StatusOr<Identity> identity = certificates::ReadIdentity(files.folder); !identity.ok()) {
    return identity.status();
  }
  absl::StatusOr<std::unique_ptr<Revocations>> revocations = Revocations::Open(files.folder);
  if (!revocations.ok()) return revocations.status();
  return grpc::experimental::ExternalCertificateVerifier::Create<PeerVerifier>(*std::move(revocations),
                                                                               std::move(wanted));
}

bool IsLoopbackHost(absl::string_view host) {
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return text == "localhost";
}

// HOST of "HOST", "HOST:PORT", "[HOST]:PORT", also behind "ipv4:", "ipv6:" or "dns:///".
absl::string_view HostOf(absl::string_view address) {
  for (absl::string_view scheme : {"ipv4:", "ipv6:", "dns:///", "dns:"}) {
    if (absl::ConsumePrefix(&address, scheme)) break;
  }
  if (absl::ConsumePrefix(&address, "[")) return address.substr(0, address.find(']'));
  return std::count(address.begin(), address.end(), ':') > 1 ? address : address.substr(0, address.find(':'));
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsServerCredentials(const TlsFiles& files) {
  const auto verifier = CheckFiles(files, Anybody);
  if (!verifier.ok()) return verifier.status();
  grpc::experimental::TlsServerCredentialsOptions options(Watch(files));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  options.set_certificate_verifier(*verifier);
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsChannelCredentials(const TlsFiles& files,
                                                                                const std::string& server) {
  if (server.empty()) return absl::InvalidArgumentError("A channel needs the name of its server: kAnyService, if any.");
  const auto verifier = CheckFiles(files, [server](std::string_view uri) {
    return server.back() == '/' ? uri.substr(0, server.size()) == server : uri == server;
  });
  if (!verifier.ok()) return verifier.status();
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(files));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  options.set_certificate_verifier(*verifier);
  options.set_verify_server_certs(true);
  options.set_check_call_host(false);
  return grpc::experimental::TlsCredentials(options);
}

absl::StatusOr<std::string_view> PeerUri(const grpc::ServerContextBase& context) {
  const std::shared_ptr<const grpc::AuthContext> authenticated = context.auth_context();
  if (authenticated == nullptr || !authenticated->IsPeerAuthenticated()) {
    return absl::NotFoundError("The call came without a certificate: in plain text, or from within the process.");
  }
  const std::vector<grpc::string_ref> uris = authenticated->FindPropertyValues(GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  if (uris.size() == 1 && certificates::IsIdentity(Text(uris[0]))) return Text(uris[0]);
  return absl::UnauthenticatedError("The caller's certificate names no identity: ask its authority for another.");
}

void ExposeExpiry(metrics::Registry& registry, const TlsFiles& files) {
  const metrics::Gauge expiry =
      registry.AddGauge("mynumber_certificate_expiry_timestamp_seconds",
                        "Until when this process's certificate is valid; 0 if its files cannot be used.");
  registry.BeforeText([expiry, folder = files.folder] {
    const absl::StatusOr<Identity> identity = certificates::ReadIdentity(folder);
    expiry.Set(identity.ok() ? static_cast<double>(identity->expires_seconds) : 0);
  });
}

absl::Status CheckPlainText(std::string_view address) {
  const absl::string_view all(address.data(), address.size());
  for (absl::string_view one : absl::StrSplit(all, ',')) {
    if (absl::StartsWith(one, "unix:") || IsLoopbackHost(HostOf(one))) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("Without certificates only addresses of this machine itself are served and called, and ", one,
                     " may be another: name a folder of certificates, or take 127.0.0.1."));
  }
  return absl::OkStatus();
}

}  // namespace mynumber::rpc
