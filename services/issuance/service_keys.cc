#include "services/issuance/service_keys.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/big_endian.h"
#include "libs/sealing/block_cipher.h"

namespace mynumber::issuance {
namespace {

using events::v1::ResidentDetails;
using sealing::HashUse;

// Version and purpose of a city's digests: part of the published recipe.
constexpr char kDigestLabel[] = "mynumber resident digest 1";

// A day as eight digits, "20261123"; empty if there is none.
class DayText {
 public:
  explicit DayText(const type::Date& date) {
    int value = (date.year() % 10000) * 10000 + date.month() * 100 + date.day();
    if (value == 0) return;
    size_ = 8;
    for (int i = 7; i >= 0; --i, value /= 10) text_[i] = static_cast<char>('0' + value % 10);
  }
  operator std::string_view() const { return {text_, size_}; }

 private:
  char text_[8];
  size_t size_ = 0;
};

sealing::Digest HashDetails(const sealing::KeyedHash& hash, std::string_view record_code, const ResidentDetails& d) {
  const char status = static_cast<char>('0' + d.residence_status());
  return hash.Hash32(record_code, d.full_name(), d.alias(), d.name_kana(), DayText(d.birth_date()), d.address(),
                     d.postal_code(), d.municipality_code(), std::string_view(&status, 1),
                     DayText(d.period_of_stay_end()));
}

eventsourcing::Bytes16 FirstHalf(const sealing::Digest& digest) {
  eventsourcing::Bytes16 half;
  std::copy_n(digest.begin(), half.size(), half.begin());
  return half;
}

// Ciphers keep contexts, so each thread has its own.
struct ThreadCipher {
  explicit ThreadCipher(sealing::BlockCipher made)
      : cipher(std::move(made)), permutation(identifiers::BlockCipher{&sealing::BlockCipher::Call, &cipher}) {}
  sealing::BlockCipher cipher;
  identifiers::NumberPermutation permutation;
};

std::atomic<uint64_t> instances{0};

}  // namespace

ServiceKeys::ServiceKeys(const sealing::Keyring* keyring)
    : keyring_(keyring),
      instance_(instances.fetch_add(1)),
      resident_id_(keyring->Hash(HashUse::kResidentId)),
      request_key_(keyring->Hash(HashUse::kRequest)),
      registration_(keyring->Hash(HashUse::kRegistration)),
      name_(keyring->Hash(HashUse::kNameLookup)),
      digest_(keyring->Hash(HashUse::kDigest)) {}

const identifiers::NumberPermutation& ServiceKeys::Permutation() const {
  thread_local absl::flat_hash_map<uint64_t, std::unique_ptr<ThreadCipher>> ciphers;
  std::unique_ptr<ThreadCipher>& mine = ciphers[instance_];
  if (!mine) mine = std::make_unique<ThreadCipher>(keyring_->NumberCipher());
  return mine->permutation;
}

eventsourcing::SubjectId ServiceKeys::IdOf(std::string_view ten_free_digits) const {
  return {resident_id_.Hash16(ten_free_digits)};
}

eventsourcing::SubjectId ServiceKeys::AuthorityId(std::string_view authority) const {
  return {resident_id_.Hash16("authority", authority)};
}

eventsourcing::SubjectId ServiceKeys::AccessRecord(const eventsourcing::SubjectId& subject, absl::CivilMonth month,
                                                   uint32_t partition_count) const {
  const uint32_t partition = subject.PartitionOf(partition_count);
  const auto hash = resident_id_.Hash16("access record", absl::StrCat(partition), absl::FormatCivilTime(month));
  uint64_t head = eventsourcing::BigEndian(eventsourcing::View(hash).substr(0, 8));
  head -= head % partition_count;
  if (head > std::numeric_limits<uint64_t>::max() - partition) head -= partition_count;
  head += partition;
  std::string id;
  eventsourcing::AppendBigEndian(head, 8, &id);
  return eventsourcing::SubjectId::FromBytes(id.append(eventsourcing::View(hash).substr(8)));
}

identifiers::IndividualNumber ServiceKeys::NumberFor(std::string_view ten_free_digits, int generation) const {
  return Permutation().NumberFor(ten_free_digits, generation);
}

identifiers::NumberHome ServiceKeys::HomeOf(const identifiers::IndividualNumber& number) const {
  return Permutation().HomeOf(number);
}

ServiceKeys::Bytes16 ServiceKeys::RegistrationHash(const ResidentDetails& details,
                                                   std::string_view record_code) const {
  return FirstHalf(HashDetails(registration_, record_code, details));
}

ServiceKeys::Bytes16 ServiceKeys::RequestKey(std::string_view caller, std::string_view request_id) const {
  return request_key_.Hash16("request key", caller, request_id);
}

ServiceKeys::Bytes16 ServiceKeys::NameHash(std::string_view matching_form, const type::Date& birth_date) const {
  return name_.Hash16(matching_form, DayText(birth_date));
}

std::string ServiceKeys::DigestKey(std::string_view municipality_code) const {
  const sealing::Digest own = digest_.Hash32(municipality_code);
  const sealing::Digest key =
      sealing::HmacSha256({reinterpret_cast<const char*>(own.data()), own.size()}, kDigestLabel);
  return {key.begin(), key.end()};
}

ServiceKeys::Bytes16 ServiceKeys::Digest(std::string_view record_code, const ResidentDetails& details) const {
  thread_local absl::flat_hash_map<std::pair<uint64_t, std::string>, sealing::KeyedHash> hashes;
  auto found = hashes.find(std::make_pair(instance_, details.municipality_code()));
  if (found == hashes.end()) {
    const sealing::Digest own = digest_.Hash32(details.municipality_code());
    found = hashes
                .emplace(std::make_pair(instance_, details.municipality_code()),
                         sealing::KeyedHash({reinterpret_cast<const char*>(own.data()), own.size()}, kDigestLabel))
                .first;
  }
  return FirstHalf(HashDetails(found->second, record_code, details));
}

}  // namespace mynumber::issuance
