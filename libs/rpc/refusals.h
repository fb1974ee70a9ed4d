#ifndef MYNUMBER_LIBS_RPC_REFUSALS_H_
#define MYNUMBER_LIBS_RPC_REFUSALS_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace mynumber::metrics {
class Registry;
}  // namespace mynumber::metrics

// Connections that never reached a handler, because one side did not take the other for who it must be. gRPC 1.51 has
// no hook for a handshake that fails, it only logs it, without saying whether it was server or client: so these counts
// are the process's, for both sides, and a part of them is read from gRPC's log.
namespace mynumber::rpc {

enum class Refusal {
  kPlainText,      // to a TLS port, or from one
  kOldProtocol,    // TLS 1.2 or older
  kNoCertificate,  // from a client
  kUntrusted,      // expired, self-signed, another authority's, or for another use
  kWrongName,      // trusted, but no identity, or not the wanted server
  kRevoked,        // trusted, but on the authority's list, or its issuer has no list
  kByPeer,         // the other side refused us, and said so
  kOther,
};
// The values of the metric's label, in the order above.
inline constexpr std::array<std::string_view, 8> kRefusalNames = {
    "plain_text", "old_protocol", "no_certificate", "untrusted", "wrong_name", "revoked", "by_peer", "other"};

// Since the process began. Any thread.
int64_t Refused(Refusal refusal);
void CountRefusal(Refusal refusal);

// From now on gRPC's log lines are log lines of ours (event "grpc"), rated, since a stranger can cause them; and those
// of failed handshakes are counted. The credentials of tls.h call it; again it does nothing.
void TakeGrpcLog();

// mynumber_connections_refused_total{reason}. Once for a registry.
void ExposeRefusals(metrics::Registry& registry);

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_REFUSALS_H_
