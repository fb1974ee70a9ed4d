#ifndef MYNUMBER_LIBS_SERVING_RECEIPTS_H_
#define MYNUMBER_LIBS_SERVING_RECEIPTS_H_

// What became of a request, by its receipts.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/serving/call.h"
#include "libs/serving/context.h"

namespace mynumber::serving {

// Whether nobody may ask for this receipt any more, even if it is still there.
bool IsOld(const eventlog::v1::Receipt& receipt, int64_t now_micros);

// Whether another partition than `id`'s knows this request id with another payload (docs/decisions/0007), as far as its
// rows are here: a handler must not wait for other instances.
template <class S, class Own>
bool UsedElsewhere(const Context<S, Own>& context, const Asked& asked, const eventsourcing::SubjectId& id) {
  const std::string key = eventsourcing::ReceiptKey(asked.origin->caller, asked.origin->method,
                                                    eventsourcing::View(asked.request_id));
  std::string value;
  for (uint32_t p = 0; p < context.rows.size(); ++p) {
    if (p == context.PartitionOf(id) || !context.HasRows(p)) continue;
    auto found = context.rows[p]->Get(key, &value);
    if (!found.ok() || !*found) continue;
    auto receipt = eventsourcing::DecodeReceiptRow(value);
    if (!receipt.ok() || IsOld(*receipt, context.now())) continue;
    if (receipt->request_hash() != eventsourcing::View(asked.request_hash)) return true;
  }
  return false;
}

// Calls `visit(partition, receipt)`, which returns a status and may end it, for each receipt of the request whose key
// (eventsourcing::ReceiptKey) this is.
template <class S, class Own, class Visit>
absl::Status VisitReceipts(const Context<S, Own>& context, const std::vector<uint32_t>& partitions,
                           const std::string& receipt_key, const Visit& visit) {
  for (uint32_t p : partitions) {
    std::string value;
    auto found = context.rows[p]->Get(receipt_key, &value);
    if (!found.ok()) return found.status();
    if (!*found) continue;
    auto receipt = eventsourcing::DecodeReceiptRow(value);
    if (!receipt.ok()) return receipt.status();
    if (IsOld(*receipt, context.now())) continue;
    absl::Status status = visit(p, *receipt);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The state as the receipt's command left it. Where the receipt holds no copy, it is the state of now, from which the
// service makes the first answer (AnswerStaysInState), and `is_first` is false. NOT_FOUND with kAnswerErased: the
// subject was erased since.
template <class S, class Own>
absl::Status ReadFirstState(const Context<S, Own>& context, const eventlog::v1::Receipt::Entry& entry,
                            typename S::State* state, bool* is_first) {
  const auto id = eventsourcing::SubjectId::FromBytes(entry.subject());
  eventsourcing::SubjectKey key;
  auto found = context.Read(id, state, &key);
  if (!found.ok()) return found.status();
  // What was answered before the subject was erased is gone, whether or not a copy was kept.
  const auto erased = eventsourcing::ReadErased(*context.rows[context.PartitionOf(id)], id);
  if (!erased.ok()) return erased.status();
  if (*erased && entry.version() < (*erased)->version()) return absl::NotFoundError(eventsourcing::kAnswerErased);
  *is_first = !entry.sealed_state().empty();
  if (!*is_first) return absl::OkStatus();
  std::string plain;
  absl::Status status = context.vault()->Open(key, eventsourcing::ReceiptAssociatedData(id, entry.version()),
                                              entry.sealed_state(), &plain);
  if (!status.ok()) return status;
  return state->ParseFromString(plain) ? absl::OkStatus() : absl::DataLossError("a receipt's state cannot be read");
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_RECEIPTS_H_
