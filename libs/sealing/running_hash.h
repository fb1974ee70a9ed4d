#ifndef MYNUMBER_LIBS_SEALING_RUNNING_HASH_H_
#define MYNUMBER_LIBS_SEALING_RUNNING_HASH_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mynumber::sealing {

// SHA-256, 32 bytes.
using Digest = std::array<uint8_t, 32>;

Digest Sha256(std::string_view bytes);

// SHA-256(previous || bytes): the running hash over a partition's valid records. 32 zero bytes
// before the first.
Digest Chain(const Digest& previous, std::string_view bytes);

// The same as the engine takes it (eventsourcing::ChainHash): `previous` has 32 bytes.
std::string ChainBytes(std::string_view previous, std::string_view bytes);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_RUNNING_HASH_H_
