#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_KEYS_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_KEYS_H_

#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/subject.h"
#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/number_permutation.h"
#include "libs/sealing/keyed_hash.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/signing_key.h"
#include "mynumber/issuance/events/v1/events.pb.h"

namespace mynumber::issuance {

// All that issuance makes with the cluster's keys. Any thread; the keyring must outlive it.
class ServiceKeys {
 public:
  using Bytes16 = eventsourcing::Bytes16;

  explicit ServiceKeys(const sealing::Keyring* keyring);

  // A resident's opaque id: a keyed hash of the ten free digits of the record code first registered.
  eventsourcing::SubjectId IdOf(std::string_view ten_free_digits) const;

  // Of an authority, as "municipality/131016": what its look-ups and refused attempts are found by.
  eventsourcing::SubjectId AuthorityId(std::string_view authority) const;
  // The month's access record, in the partition that `subject` has among so many.
  eventsourcing::SubjectId AccessRecord(const eventsourcing::SubjectId& subject, absl::CivilMonth month,
                                        uint32_t partition_count) const;

  identifiers::IndividualNumber NumberFor(std::string_view ten_free_digits, int generation) const;
  identifiers::NumberHome HomeOf(const identifiers::IndividualNumber& number) const;

  // Recognises the same registration for ever.
  Bytes16 RegistrationHash(const events::v1::ResidentDetails& details, std::string_view record_code) const;
  // Who may see a number again: the same caller with the same request id.
  Bytes16 RequestKey(std::string_view caller, std::string_view request_id) const;
  // Of a name or kana in matching form, and a birth date.
  Bytes16 NameHash(std::string_view matching_form, const type::Date& birth_date) const;

  // Signs records of erasures; the key is the checkpoints'.
  sealing::SigningKey ErasureSigner() const { return keyring_->Checkpoints(); }

  // What a municipality computes its digests with (docs/howto/reconcile.md), 32 bytes.
  std::string DigestKey(std::string_view municipality_code) const;
  Bytes16 Digest(std::string_view record_code, const events::v1::ResidentDetails& details) const;

 private:
  const identifiers::NumberPermutation& Permutation() const;

  const sealing::Keyring* keyring_;
  // Distinguishes instances in the threads' own ciphers.
  uint64_t instance_;
  sealing::KeyedHash resident_id_;
  sealing::KeyedHash request_key_;
  sealing::KeyedHash registration_;
  sealing::KeyedHash name_;
  sealing::KeyedHash digest_;
};

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_KEYS_H_
