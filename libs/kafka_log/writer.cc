#include "libs/kafka_log/writer.h"

#include <algorithm>
#include <utility>

namespace mynumber::kafka_log {

using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;

// Most records are acknowledged sooner.
constexpr int64_t kWatchMicros = 300'000;

AppendResult ResultOf(const rd_kafka_message_t& message) {
  AppendResult result;
  result.status = ToStatus(message.err, "Kafka did not acknowledge");
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    // Without an offset the broker knows the record from an earlier try and does not say where it stands.
    if (message.offset < 0) {
      result.status = absl::UnavailableError("Kafka acknowledged without an offset");
      return result;
    }
    result.kind = AppendResult::Kind::kAcknowledged;
    result.offset = message.offset;
  } else if (message.err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
             rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED) {
    result.kind = AppendResult::Kind::kNotWritten;
  }
  return result;
}

Writer::Writer(Place place, std::shared_ptr<WakeUp> wake, Background* background, Producers producers,
               std::function<void(int64_t)> observe_flight)
    : place_(std::move(place)),
      wake_(std::move(wake)),
      background_(background),
      producers_(std::move(producers)),
      observe_flight_(std::move(observe_flight)) {}

void Writer::Discard() {
  making_.reset();
  result_.reset();
  keys_address_ = {};
  broken_ = absl::OkStatus();
  DropClient();
  flight_.reset();
}

void Writer::DropClient() {
  if (!client_) return;
  client_->set_callbacks({});
  // Destroying takes its time, and what is in flight must outlive it.
  background_->RunLate([client = std::move(client_), flight = std::move(flight_)]() mutable {
    client.reset();
    flight.reset();
  });
  client_.reset();
  flight_.reset();
}

void Writer::Renew() {
  Discard();
  Make();
}

void Writer::Make() {
  making_ = std::make_shared<Making>();
  auto make = [make = producers_.make, place = place_, wake = wake_, stuck = stuck_] {
    return make(place, wake, stuck);
  };
  background_->Run([making = making_, make = std::move(make), wake = wake_]() mutable {
    absl::StatusOr<MadeProducer> made = make();
    {
      std::lock_guard<std::mutex> lock(making->mutex);
      making->done = std::move(made);
    }
    wake->Call();
  });
}

void Writer::Append(AppendRequest request) {
  if (!client_ && !making_ && broken_.ok()) Renew();
  flight_ = std::make_shared<Flight>();
  flight_->request = std::move(request);
  flight_->keys_written = flight_->request.key_block.empty();
  TakeMade();
  Send();
}

std::optional<AppendResult> Writer::Poll() {
  if (!flight_) {
    ServeIdle();
  } else {
    TakeMade();
    if (client_) client_->Serve();
    Send();
    Watch();
  }
  return std::exchange(result_, std::nullopt);
}

void Writer::ServeIdle() {
  if (flight_ || result_) return;
  TakeMade();
  if (!client_) return;
  client_->Serve();
  // Nothing is under way, so the claim stays good: another producer sends its next record as well as this one, which is
  // kept until the other has found a broker.
  if (!making_ && client_->IsLost()) Make();
}

void Writer::TakeMade() {
  // A producer with something under way stays.
  if (!making_ || (client_ && flight_)) return;
  {
    std::lock_guard<std::mutex> lock(making_->mutex);
    if (!making_->done) return;
    if (making_->done->ok()) {
      DropClient();
      client_ = std::move((*making_->done)->client);
      leaders_ = (*making_->done)->leaders;
    } else if (client_) {
      client_->LostStill();
    } else {
      broken_ = making_->done->status();
    }
  }
  making_.reset();
  if (client_) {
    Client::Callbacks callbacks = client_->callbacks();
    callbacks.delivered = [this](const rd_kafka_message_t& message) { Delivered(message); };
    client_->set_callbacks(std::move(callbacks));
  }
}

void Writer::Send() {
  if (!flight_ || flight_->is_sent) return;
  if (!broken_.ok()) return Finish({AppendResult::Kind::kNotWritten, -1, broken_});
  if (!client_) return;
  flight_->is_sent = true;
  flight_->record_micros = SteadyMicros();
  if (flight_->start_micros == 0) flight_->start_micros = flight_->record_micros;
  if (flight_->keys_written) {
    SendRecord();
  } else {
    SendKeys();
  }
}

void Writer::SendKeys() {
  AppendRequest& request = flight_->request;
  flight_->key = KeyBlockKey(place_, request.key_block_id);
  const int failed =
      rd_kafka_produce(client_->Topic(place_.keys_topic), place_.partition, 0, request.key_block.data(),
                       request.key_block.size(), flight_->key.data(), flight_->key.size(), &flight_->key);
  if (failed != 0)
    Finish({AppendResult::Kind::kNotWritten, -1, ToStatus(rd_kafka_last_error(), "Kafka takes no keys")});
}

void Writer::SendRecord() {
  AppendRequest& request = flight_->request;
  std::string address;
  rd_kafka_vu_t fields[6];
  size_t count = 0;
  fields[count].vtype = RD_KAFKA_VTYPE_RKT;
  fields[count++].u.rkt = client_->Topic(place_.log_topic);
  fields[count].vtype = RD_KAFKA_VTYPE_PARTITION;
  fields[count++].u.i32 = place_.partition;
  fields[count].vtype = RD_KAFKA_VTYPE_VALUE;
  fields[count].u.mem.ptr = request.record.data();
  fields[count++].u.mem.size = request.record.size();
  fields[count].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  fields[count++].u.i = 0;
  if (!request.key_block.empty()) {
    address = EncodeAddress(keys_address_);
    fields[count].vtype = RD_KAFKA_VTYPE_HEADER;
    fields[count].u.header.name = kKeyBlockHeader;
    fields[count].u.header.val = address.data();
    fields[count++].u.header.size = static_cast<ssize_t>(address.size());
  }
  rd_kafka_error_t* error = rd_kafka_produceva(client_->get(), fields, count);
  if (error == nullptr) return;
  const absl::Status status = ToStatus(rd_kafka_error_code(error), "Kafka takes no record");
  rd_kafka_error_destroy(error);
  Finish({AppendResult::Kind::kNotWritten, -1, status});
}

void Writer::Watch() {
  if (!flight_ || !flight_->is_sent || !client_) return;
  int32_t Leaders::*const of = flight_->keys_written ? &Leaders::log : &Leaders::keys;
  if (leaders_.*of < 0) return;
  const int64_t now_micros = SteadyMicros();
  if (flight_->asked) {
    const Leading told = *flight_->asked;
    if (told == Leading::kPending) return;
    flight_->asked.reset();
    flight_->told_micros = now_micros;
    if (told == Leading::kStill) return;
    stuck_.*of = leaders_.*of;
    DropClient();
    result_ = AppendResult{AppendResult::Kind::kUnknown, -1, absl::UnavailableError("another broker leads by now")};
    return;
  }
  if (now_micros - std::max(flight_->record_micros, flight_->told_micros) < kWatchMicros) return;
  flight_->asked = std::make_shared<std::atomic<Leading>>(Leading::kPending);
  Leaders in_use;
  in_use.*of = leaders_.*of;
  background_->Run([asked = flight_->asked, have_moved = producers_.have_moved, place = place_, in_use,
                    wake = wake_] {
    *asked = have_moved(place, in_use) ? Leading::kMoved : Leading::kStill;
    wake->Call();
  });
}

void Writer::Delivered(const rd_kafka_message_t& message) {
  if (!flight_) return;
  AppendResult result = ResultOf(message);
  if (result.kind == AppendResult::Kind::kAcknowledged) client_->Reached();
  const bool is_record = message._private != &flight_->key;
  NoteLeader(message, is_record ? &Leaders::log : &Leaders::keys);
  if (is_record) {
    if (result.kind == AppendResult::Kind::kAcknowledged) Observe(message);
    return Finish(std::move(result));
  }
  if (result.kind == AppendResult::Kind::kAcknowledged) {
    keys_address_ = {message.offset, flight_->key};
    flight_->keys_written = true;
    flight_->is_sent = false;
    return;
  }
  // Keys that may or may not be there hurt nobody: the record that would name them was never sent.
  Finish({AppendResult::Kind::kNotWritten, -1, result.status});
}

void Writer::NoteLeader(const rd_kafka_message_t& message, int32_t Leaders::*of) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    leaders_.*of = rd_kafka_message_broker_id(&message);
    stuck_.*of = -1;
  } else if (message.err == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT) {
    stuck_.*of = leaders_.*of;
  }
}

void Writer::Observe(const rd_kafka_message_t& message) {
  const int64_t now_micros = SteadyMicros();
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t log_millis = rd_kafka_message_timestamp(&message, &type);
  if (type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME) clock_.Told(log_millis, flight_->record_micros, now_micros);
  if (observe_flight_) observe_flight_(now_micros - flight_->start_micros);
}

void Writer::Finish(AppendResult result) {
  flight_.reset();
  result_ = std::move(result);
}

}  // namespace mynumber::kafka_log
