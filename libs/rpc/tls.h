#ifndef MYNUMBER_LIBS_RPC_TLS_H_
#define MYNUMBER_LIBS_RPC_TLS_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::metrics {
class Registry;
}  // namespace mynumber::metrics

// Mutual TLS 1.3 for ServerOptions::credentials and ChannelOptions::credentials. Whoever links this has no gRPC
// connection below TLS 1.3 in the process, whatever its environment says. What is refused is counted: refusals.h.
namespace mynumber::rpc {

struct TlsFiles {
  // certificate.pem, key.pem, authority.pem, revoked.pem: libs/certificates/README.md.
  std::string folder;
  // The first three are looked at this often, and used for connections made after that; connections that are there stay
  // as they are, until ServerOptions::max_connection_age_millis. revoked.pem is looked at with every new connection. A
  // folder that is exchanged as a whole is never seen half; one with a damaged file lets nobody in until it is mended.
  int reload_seconds = 2;
};

// For a server: the client must have a certificate of the authority, for clients, with one URI name that is an identity
// (certificates::IsIdentity), and not revoked. FAILED_PRECONDITION with a sentence for the operator: see
// certificates::ReadIdentity and Revocations::Open. Any thread; made once for a server.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsServerCredentials(const TlsFiles& files);

// Any service of ours, and no other holder of a certificate.
inline constexpr char kAnyService[] = "spiffe://mynumber/service/";

// For a channel: the server must have a certificate of the authority, for servers, with `server` as its one URI name,
// as "spiffe://mynumber/service/issuance"; or, if that ends with '/', a name beneath it. The host's name does not
// matter: instances come and go under many, and the URI name is the identity. Errors and threads as above; made once
// for all channels to `server`, since channels with different credentials share no connection.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsChannelCredentials(
    const TlsFiles& files, const std::string& server = kAnyService);

// Who calls, as "spiffe://mynumber/municipality/131016"; lives as long as `context`. NOT_FOUND: there is no
// certificate, since the call came in plain text or within the process; what that means is for the access rules to say.
// UNAUTHENTICATED: there is one without an identity, which TlsServerCredentials lets nobody through with.
absl::StatusOr<std::string_view> PeerUri(const grpc::ServerContextBase& context);

// mynumber_certificate_expiry_timestamp_seconds: until when the certificate of `files` is valid, read for each page of
// metrics; 0 if one of the files is missing or damaged, for one alert on both. Once for a registry.
void ExposeExpiry(metrics::Registry& registry, const TlsFiles& files);

// For an address without credentials, as ServerOptions::address, a channel's target or a list of them with commas:
// FAILED_PRECONDITION with a sentence if one may be anything else than loopback (127.0.0.0/8, ::1, localhost, a Unix
// socket). Names are not looked up.
absl::Status CheckPlainText(std::string_view address);

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_TLS_H_
