#ifndef MYNUMBER_LIBS_KAFKA_LOG_KAFKA_LOG_H_
#define MYNUMBER_LIBS_KAFKA_LOG_KAFKA_LOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/log.h"
#include "libs/kafka_log/topic_rules.h"

namespace mynumber::kafka_log {

struct KafkaLogOptions {
  // HOST:PORT,HOST:PORT of some brokers; they name the others.
  std::string brokers;
  // A service's log is the topic <prefix>.<service>; the data keys of all services are in <prefix>.keys.
  std::string prefix = "mynumber";
  // What all readers that are far behind fetch together before it is asked for. One that follows: 4 MiB at most.
  size_t read_ahead_bytes = size_t{512} << 20;
  // What brokers' logs and tools call this instance's membership of groups.
  std::string instance = "mynumber";
  // Settings of librdkafka that differ from ours, by name: of all clients, and of producers alone.
  std::map<std::string, std::string> client_settings;
  std::map<std::string, std::string> producer_settings;
  // librdkafka's statistics of a client, JSON, every 5 s; `partition` is -1 for the client that asks for ends. May be
  // empty; called by threads of the log's own.
  std::function<void(const std::string& service, int32_t partition, const std::string& json)> statistics;
  // How long each acknowledged record was under way, its keys included, in micros. May be empty; called by the loops.
  std::function<void(const std::string& service, int32_t partition, int64_t micros)> flight;
};

// Of clients of brokers that speak mutual TLS: with the certificate, key and authority in `folder`
// (libs/certificates/README.md). Every client reads them when it is made.
std::map<std::string, std::string> TlsClientSettings(const std::string& folder);

// Being a member of a service's group of instances, among whom the group shares the partitions out. That only says who
// shall claim which; the log decides who owns. Thread-safe.
class GroupMembership {
 public:
  // Leaves, and waits for that: until brokers answer or do not.
  virtual ~GroupMembership() = default;
  // Leaves at once, so that others need not wait until the session ends; does not block. Nothing is told any more once
  // this has returned. Not to be called by `told`.
  virtual void Leave() = 0;
};

// The logs of a cluster's services on Kafka. A partition of a service's log is one of its topic; nothing else may write
// there. Thread-safe, except that each partition's handle belongs to one caller at a time.
class KafkaLog {
 public:
  // Connects to nobody yet. INVALID_ARGUMENT: a setting that librdkafka does not take.
  static absl::StatusOr<std::unique_ptr<KafkaLog>> Open(KafkaLogOptions options);
  // After all handles. Waits for what was thrown away to be gone.
  virtual ~KafkaLog() = default;

  // Makes the topics of a service's log, of its members and of the keys if they are not there, and checks that they are
  // as the rules say. Blocks. FAILED_PRECONDITION: they are not, in a sentence for an operator.
  virtual absl::Status Declare(const std::string& service, uint32_t partition_count,
                               const ServiceTopicRules& rules) = 0;

  // From BeginImport to FinishImport, restarts included, the service's log holds a part of another log at most, and
  // nobody may claim it: the topic <prefix>.<service>.importing stands for as long. After Declare; each may be called
  // again, and blocks.
  virtual absl::Status BeginImport(const std::string& service) = 0;
  virtual absl::Status FinishImport(const std::string& service) = 0;
  virtual absl::StatusOr<bool> IsImportUnderWay(const std::string& service) = 0;

  // A handle on a partition of a topic that exists, for one writer or reader; several may exist. `wake` is called by
  // any thread, while the handle lives, when there is something to poll or to ask again. Without `wake` the handle is
  // for a caller that may wait: End, Read and ReadKeyBlock then block until there is an answer, 30 s at most.
  virtual std::unique_ptr<eventsourcing::PartitionLog> Partition(const std::string& service, uint32_t partition,
                                                                 std::function<void()> wake) = 0;

  // Joins the service's group, <prefix>.<service>, after Declare, where others find `address`. `told` is called, by a
  // thread of the membership, when the group assigns a partition to this instance, and when it takes it back or has
  // lost touch with this instance. It stays a member, or becomes one again, until it leaves. INVALID_ARGUMENT: a
  // setting that librdkafka does not take.
  virtual absl::StatusOr<std::unique_ptr<GroupMembership>> JoinGroup(
      const std::string& service, const std::string& address,
      std::function<void(uint32_t partition, bool assigned)> told) = 0;

  // The addresses of all members of the service's group; `told` is called once, by a thread of the log's own, with none
  // if they cannot be had now.
  virtual void FindMembers(const std::string& service,
                           std::function<void(std::vector<std::string> addresses)> told) = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_KAFKA_LOG_H_
