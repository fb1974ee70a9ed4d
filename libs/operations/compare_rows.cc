#include "libs/operations/compare_rows.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/state_reader.h"
#include "libs/eventsourcing/subject.h"
#include "mynumber/eventlog/v1/head.pb.h"

namespace mynumber::operations {
namespace {

using eventsourcing::Rows;
using eventsourcing::SubjectId;
using eventsourcing::SubjectKey;
using eventsourcing::Vault;

class Comparison {
 public:
  Comparison(const Rows& live, const Rows& fresh, Vault* vault, RowComparison* result)
      : live_(live), fresh_(fresh), vault_(vault), result_(result) {}

  absl::Status Run() {
    // Every live row has its like in the fresh fold, and there is no row more.
    uint64_t live_rows = 0;
    absl::Status status = live_.Scan("", "", [&](std::string_view key, std::string_view value) {
      if (key == eventsourcing::kHeadKey) return true;
      ++live_rows;
      std::string other;
      auto found = fresh_.Get(key, &other);
      const bool both = found.ok() && *found;
      if (both ? !Same(key, value, other) : !IsReceipt(key)) Differs(key);
      return true;
    });
    if (!status.ok()) return status;
    status = fresh_.Scan("", "", [&](std::string_view key, std::string_view) {
      if (key == eventsourcing::kHeadKey) return true;
      std::string other;
      auto found = live_.Get(key, &other);
      if (!IsReceipt(key) && !(found.ok() && *found)) Differs(key);
      return true;
    });
    result_->rows = live_rows;
    return status;
  }

 private:
  static bool IsReceipt(std::string_view key) { return key[0] == eventsourcing::kReceiptTable; }

  void Differs(std::string_view key) {
    if (++result_->differ > 10) return;
    const std::string id =
        absl::BytesToHexString(absl::string_view(key.data() + 1, std::min<size_t>(16, key.size() - 1)));
    result_->first.push_back(absl::StrCat(std::string(key.substr(0, 1)), " ", id));
  }

  bool Same(std::string_view key, std::string_view a, std::string_view b) {
    if (a == b) return true;
    if (key[0] == eventsourcing::kStateTable) return SameState(key, a, b);
    if (IsReceipt(key)) return SameReceipt(a, b);
    return SameSealed(key, a, b);
  }

  bool SameState(std::string_view key, std::string_view a, std::string_view b) {
    const SubjectId subject = SubjectId::FromBytes(key.substr(1));
    std::string plain_a, plain_b;
    return OpenState(subject, a, &plain_a) && OpenState(subject, b, &plain_b) && plain_a == plain_b;
  }

  bool OpenState(const SubjectId& subject, std::string_view value, std::string* plain) {
    auto row = eventsourcing::DecodeStateRow(value);
    return row.ok() && vault_->Unwrap(&row->key).ok() &&
           vault_->Open(row->key, eventsourcing::StateAssociatedData(subject), row->sealed, plain).ok();
  }

  bool KeyOf(const SubjectId& subject, SubjectKey* key) {
    std::string value;
    auto found = fresh_.Get(eventsourcing::StateKey(subject), &value);
    if (!found.ok() || !*found) return false;
    auto row = eventsourcing::DecodeStateRow(value);
    if (!row.ok() || !vault_->Unwrap(&row->key).ok()) return false;
    *key = row->key;
    return true;
  }

  bool SameSealed(std::string_view key, std::string_view a, std::string_view b) {
    SubjectKey subject_key;
    if (key.size() < 17 || !KeyOf(SubjectId::FromBytes(key.substr(1, 16)), &subject_key)) return false;
    std::string plain_a, plain_b;
    return eventsourcing::OpenSealedRow(key, a, subject_key, vault_, &plain_a).ok() &&
           eventsourcing::OpenSealedRow(key, b, subject_key, vault_, &plain_b).ok() && plain_a == plain_b;
  }

  bool SameReceipt(std::string_view a, std::string_view b) {
    auto first = eventsourcing::DecodeReceiptRow(a);
    auto second = eventsourcing::DecodeReceiptRow(b);
    return first.ok() && second.ok() && Unseal(&*first) && Unseal(&*second) &&
           first->SerializeAsString() == second->SerializeAsString();
  }

  bool IsPastItsTime(const eventlog::v1::Receipt& receipt) const {
    eventlog::v1::PartitionHead head;
    std::string value;
    const auto found = live_.Get(eventsourcing::kHeadKey, &value);
    return found.ok() && *found && head.ParseFromString(value) &&
           eventsourcing::IsExpired(receipt.time_micros(), eventsourcing::kReceiptRetentionMicros, head.time_micros());
  }

  // Whether the subject was erased after that version.
  bool WasErasedAfter(const SubjectId& subject, uint64_t version) {
    const auto erased = eventsourcing::ReadErased(fresh_, subject);
    return erased.ok() && *erased && version < (*erased)->version();
  }

  // Replaces each sealed state by what it says; what was sealed with a key that is destroyed says nothing.
  bool Unseal(eventlog::v1::Receipt* receipt) {
    for (auto& entry : *receipt->mutable_entries()) {
      if (entry.sealed_state().empty()) continue;
      const SubjectId subject = SubjectId::FromBytes(entry.subject());
      // Past its time a receipt answers nobody, and is dropped when the database gets to it: where the key of a look's
      // event is destroyed meanwhile, a fold keeps no state with it.
      if (IsPastItsTime(*receipt) || WasErasedAfter(subject, entry.version())) {
        entry.clear_sealed_state();
        continue;
      }
      SubjectKey key;
      std::string plain;
      if (!KeyOf(subject, &key)) return false;
      if (!vault_
               ->Open(key, eventsourcing::ReceiptAssociatedData(subject, entry.version()), entry.sealed_state(), &plain)
               .ok()) {
        return false;
      }
      entry.set_sealed_state(plain);
    }
    return true;
  }

  const Rows& live_;
  const Rows& fresh_;
  Vault* vault_;
  RowComparison* result_;
};

}  // namespace

absl::Status CompareRows(const Rows& live, const Rows& fresh, Vault* vault, RowComparison* result) {
  return Comparison(live, fresh, vault, result).Run();
}

}  // namespace mynumber::operations
