#include "libs/eventsourcing/sealed_rows.h"

#include <cstring>

#include "absl/status/status.h"
#include "libs/eventsourcing/big_endian.h"

namespace mynumber::eventsourcing {
namespace {

// FNV-1a, 64 bits: stable for ever, and callers cannot choose their own name.
uint64_t StableHash(std::string_view a, std::string_view b) {
  uint64_t hash = 14695981039346656037u;
  for (char c : a) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  hash = (hash ^ 0xff) * 1099511628211u;
  for (char c : b) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  return hash;
}

std::string Associated(std::string_view label, const SubjectId& subject, uint64_t version) {
  std::string out;
  out.reserve(label.size() + 25);
  out.append(label);
  out.push_back('\0');
  out.append(subject.view());
  AppendBigEndian(version, 8, &out);
  return out;
}

}  // namespace

std::string StateKey(const SubjectId& subject) {
  std::string key(17, kStateTable);
  std::memcpy(&key[1], subject.bytes.data(), 16);
  return key;
}

std::string ErasedKey(const SubjectId& subject) { return std::string(1, kErasedTable).append(subject.view()); }

std::string CursorKey(std::string_view service) { return std::string(kHeadKey).append(service); }

std::string DeadlineKey(const Deadline& deadline) {
  std::string key(1, kDeadlineTable);
  AppendBigEndian(static_cast<uint64_t>(deadline.due_micros), 8, &key);
  key.append(deadline.subject.view());
  key.push_back(deadline.what);
  return key;
}

std::optional<Deadline> ParseDeadlineKey(std::string_view key) {
  if (key.size() != 26 || key[0] != kDeadlineTable) return std::nullopt;
  return Deadline{static_cast<int64_t>(BigEndian(key.substr(1, 8))), SubjectId::FromBytes(key.substr(9, 16)), key[25]};
}

std::string ReceiptKey(std::string_view caller, std::string_view method, std::string_view request_id) {
  std::string key;
  key.reserve(25);
  key.push_back(kReceiptTable);
  key.append(request_id);
  AppendBigEndian(StableHash(caller, method), 8, &key);
  return key;
}

std::string EventAssociatedData(std::string_view type, const SubjectId& subject, uint64_t version) {
  return Associated(type, subject, version);
}
std::string StateAssociatedData(const SubjectId& subject) { return Associated("state", subject, 0); }
std::string ReceiptAssociatedData(const SubjectId& subject, uint64_t version) {
  return Associated("receipt", subject, version);
}

KeyBlockRef KeyBlockRef::Of(std::string_view claim_id, uint64_t claim_sequence) {
  KeyBlockRef block;
  if (claim_id.size() == block.claim_id.size()) std::memcpy(block.claim_id.data(), claim_id.data(), claim_id.size());
  block.claim_sequence = claim_sequence;
  return block;
}

void AppendStateRowHead(const SubjectKey& key, const KeyBlockRef& block, std::string* row) {
  row->append(key.id_view());
  AppendBigEndian(key.master_version, 4, row);
  row->append(key.wrapped_view());
  row->append(View(block.claim_id));
  AppendBigEndian(block.claim_sequence, 8, row);
}

absl::StatusOr<StateRow> DecodeStateRow(std::string_view value) {
  if (value.size() < 84) return absl::DataLossError("a state row is too short");
  StateRow row;
  std::memcpy(row.key.id.data(), value.data(), 16);
  row.key.master_version = static_cast<uint32_t>(BigEndian(value.substr(16, 4)));
  std::memcpy(row.key.wrapped.data(), value.data() + 20, 40);
  row.block = KeyBlockRef::Of(value.substr(60, 16), BigEndian(value.substr(76, 8)));
  row.sealed = value.substr(84);
  return row;
}

void AppendPassedOver(uint64_t version, std::string* row) { AppendBigEndian(version, 8, row); }

uint64_t DecodePassedOver(std::string_view sealed) { return sealed.size() == 8 ? BigEndian(sealed) : 0; }

std::string EncodeReceiptRow(const eventlog::v1::Receipt& receipt) {
  std::string out;
  AppendBigEndian(static_cast<uint64_t>(receipt.time_micros()), 8, &out);
  receipt.AppendToString(&out);
  return out;
}

absl::StatusOr<eventlog::v1::Receipt> DecodeReceiptRow(std::string_view value) {
  eventlog::v1::Receipt receipt;
  if (value.size() < 8 ||
      !receipt.ParseFromArray(value.data() + 8, static_cast<int>(value.size() - 8))) {
    return absl::DataLossError("a receipt row cannot be read");
  }
  return receipt;
}

std::optional<int64_t> ReceiptRowTime(std::string_view value) {
  if (value.size() < 8) return std::nullopt;
  return static_cast<int64_t>(BigEndian(value.substr(0, 8)));
}

uint64_t DecodeListCount(std::string_view value) { return value.size() == 8 ? BigEndian(value) : 0; }

std::string EncodeListNumber(uint64_t number) {
  std::string out;
  AppendBigEndian(number, 8, &out);
  return out;
}

Sum DecodeSum(std::string_view value) {
  if (value.size() != 24) return {};
  return {static_cast<int64_t>(BigEndian(value.substr(0, 8))), SummandOf(value.substr(8))};
}

std::string EncodeSum(const Sum& sum) {
  std::string out;
  AppendBigEndian(static_cast<uint64_t>(sum.count), 8, &out);
  AppendBigEndian(static_cast<uint64_t>(sum.total >> 64), 8, &out);
  AppendBigEndian(static_cast<uint64_t>(sum.total), 8, &out);
  return out;
}

unsigned __int128 SummandOf(std::string_view bytes) {
  if (bytes.size() != 16) return 0;
  return static_cast<unsigned __int128>(BigEndian(bytes.substr(0, 8))) << 64 | BigEndian(bytes.substr(8));
}

}  // namespace mynumber::eventsourcing
