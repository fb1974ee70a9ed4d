#ifndef MYNUMBER_LIBS_EVENTSOURCING_SEALED_ROWS_H_
#define MYNUMBER_LIBS_EVENTSOURCING_SEALED_ROWS_H_

// The engine's own rows, byte for byte. Keys: 'a' + subject: the aggregate's state; 'e' + subject: that it was erased;
// 'r' + request id + hash of caller and method: a receipt; 'z' + due time + subject + what: a deadline; one byte 0: the
// head; that and a service's name: how far its log has been reacted to. All other first bytes are the service's.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/eventsourcing/subject.h"
#include "libs/eventsourcing/vault.h"
#include "mynumber/eventlog/v1/head.pb.h"

namespace mynumber::eventsourcing {

inline constexpr char kStateTable = 'a';
inline constexpr char kErasedTable = 'e';
inline constexpr char kReceiptTable = 'r';
inline constexpr char kDeadlineTable = 'z';
inline constexpr std::string_view kHeadKey{"\0", 1};

// Older receipts count as absent, whether or not their rows are still there.
inline constexpr int64_t kReceiptRetentionMicros = int64_t{7} * 24 * 3600 * 1'000'000;
// Whether a receipt of `time_micros` counts no more, be its row there or not.
inline bool IsExpired(int64_t time_micros, int64_t retention_micros, int64_t now_micros) {
  return time_micros + retention_micros < now_micros;
}

using Bytes16 = std::array<uint8_t, 16>;
inline std::string_view View(const Bytes16& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string StateKey(const SubjectId& subject);
// Of the row that holds the ErasedSubject.
std::string ErasedKey(const SubjectId& subject);
// Of the row that holds the ForeignCursor.
std::string CursorKey(std::string_view service);
// Sorted by time.
std::string DeadlineKey(const Deadline& deadline);
// Nothing if `key` is none of a deadline.
std::optional<Deadline> ParseDeadlineKey(std::string_view key);
std::string ReceiptKey(std::string_view caller, std::string_view method, std::string_view request_id);

// Associated data: what a sealed value is bound to.
std::string EventAssociatedData(std::string_view type, const SubjectId& subject, uint64_t version);
std::string StateAssociatedData(const SubjectId& subject);
std::string ReceiptAssociatedData(const SubjectId& subject, uint64_t version);

// The batch whose key block brought a key.
struct KeyBlockRef {
  Bytes16 claim_id{};
  uint64_t claim_sequence = 0;

  // A claim id of any other length than 16 bytes is no claim's.
  static KeyBlockRef Of(std::string_view claim_id, uint64_t claim_sequence);
  friend bool operator==(const KeyBlockRef& a, const KeyBlockRef& b) {
    return a.claim_id == b.claim_id && a.claim_sequence == b.claim_sequence;
  }
  template <typename H>
  friend H AbslHashValue(H h, const KeyBlockRef& ref) {
    return H::combine(std::move(h), ref.claim_id, ref.claim_sequence);
  }
};

// A state row: key id (16), master version (4), wrapped key (40), the batch that brought the key (claim id, 16, and
// sequence, 8), sealed state. Appends all but the last.
void AppendStateRowHead(const SubjectKey& key, const KeyBlockRef& block, std::string* row);
struct StateRow {
  // Still wrapped.
  SubjectKey key;
  KeyBlockRef block;
  std::string_view sealed;
};
absl::StatusOr<StateRow> DecodeStateRow(std::string_view value);
// In the place of the sealed state, where the key was destroyed and the event that says so has not come: the version.
void AppendPassedOver(uint64_t version, std::string* row);
uint64_t DecodePassedOver(std::string_view sealed);

// A receipt row: its time (8 bytes, big-endian, so that old ones can be dropped unread), then the message.
std::string EncodeReceiptRow(const eventlog::v1::Receipt& receipt);
absl::StatusOr<eventlog::v1::Receipt> DecodeReceiptRow(std::string_view value);
// Time of a receipt row in micros.
std::optional<int64_t> ReceiptRowTime(std::string_view value);

// The row that counts a list: 8 bytes, big-endian.
uint64_t DecodeListCount(std::string_view value);
std::string EncodeListNumber(uint64_t number);

// A sum row: count (8, big-endian) and sum modulo 2^128 (16, big-endian).
struct Sum {
  int64_t count = 0;
  unsigned __int128 total = 0;
};
Sum DecodeSum(std::string_view value);
std::string EncodeSum(const Sum& sum);
// The 16 bytes of a summand.
unsigned __int128 SummandOf(std::string_view bytes);

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_SEALED_ROWS_H_
