// All services in one process, on the embedded log (one machine, a first run, development) or on Kafka.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/log/log.h"
#include "libs/runtime/process.h"
#include "libs/runtime/secrecy.h"
#include "services/standalone/standalone.h"

ABSL_FLAG(std::string, data, "./.data", "Folder of keyring, log and rows; created if missing.");
ABSL_FLAG(std::string, keyring, "", "Keyring file; empty: <data>/keyring, made at the first start.");
ABSL_FLAG(std::string, listen, "127.0.0.1:7400", "HOST:PORT for gRPC; port 0 takes a free one.");
ABSL_FLAG(std::string, admin, "127.0.0.1:7401", "HOST:PORT for /metrics, /healthz and /readyz.");
ABSL_FLAG(std::string, certificates, "",
          "Folder of this instance's certificate, key, authority and list of revoked ones, for mutual TLS on --listen "
          "and --peers_listen; read again when they change. Empty: plain text, which only loopback may have.");
ABSL_FLAG(std::string, policy, "",
          "File of who may call what (deploy/access/policy.textproto); read again when it changes. Empty: as built "
          "in.");
ABSL_FLAG(std::string, log, "embedded", "embedded, or kafka.");
ABSL_FLAG(std::string, brokers, "", "With --log kafka: HOST:PORT,HOST:PORT of some brokers.");
ABSL_FLAG(bool, kafka_tls, false, "With --log kafka: the brokers speak mutual TLS, by the folder of --certificates.");
ABSL_FLAG(int, replication, 3,
          "With --log kafka: replicas of each topic. 1 keeps what is acknowledged on one broker only.");
ABSL_FLAG(std::string, topics, "deploy/kafka/topics.yaml", "With --log kafka: what the topics must be like.");
ABSL_FLAG(std::string, topic_prefix, "mynumber", "With --log kafka: topics are <prefix>.<service> and <prefix>.keys.");
ABSL_FLAG(std::string, instance, "standalone",
          "With --log kafka: this instance's name in the cluster; its own alone, and the same after a restart.");
ABSL_FLAG(std::string, peers_listen, "127.0.0.1:0", "With --log kafka: HOST:PORT where other instances send commands.");
ABSL_FLAG(std::string, follow, "all",
          "With --log kafka: all: this instance stands by for every partition; owned: it keeps rows of those alone "
          "that it owns, for machines with less disk, and takes over by --snapshots.");
ABSL_FLAG(std::string, peers_advertise, "",
          "With --log kafka: HOST:PORT under which other instances reach that; empty: as it listens.");
ABSL_FLAG(std::string, photos, "",
          "Folder of sealed photographs, which all instances of a cluster share; empty: <data>/card/photos.");
ABSL_FLAG(std::string, snapshots, "",
          "Folder of snapshots of the rows, which all instances of a cluster share: an instance without rows starts "
          "from the newest and reads on from there. Empty: none are made.");
ABSL_FLAG(int64_t, snapshot_seconds, mynumber::serving::SnapshotOptions().every_seconds,
          "A partition's newest snapshot is no older.");
ABSL_FLAG(uint32_t, partitions, 0,
          "Partitions of each service's log, fixed when it is created; 0: 4 embedded, 32 on Kafka.");
ABSL_FLAG(bool, notices, true, "Serve notices and their mail beside number issuance.");
ABSL_FLAG(bool, cards, true,
          "Serve cards, and the hotline that suspends them, beside notices, without which there are none.");
ABSL_FLAG(std::string, mail_folder, "", "Mails to applicants go into this folder; empty: <data>/mail.");
ABSL_FLAG(std::string, smtp_url, "",
          "Mails go to this server instead: smtp://HOST:PORT (STARTTLS), or smtps://HOST:PORT.");
ABSL_FLAG(std::string, smtp_login_file, "", "A file of two lines, user and password, for the mail server.");
ABSL_FLAG(bool, smtp_needs_tls, true, "False only for a mail relay on this machine.");
ABSL_FLAG(std::string, mail_from, mynumber::card::CardOptions().mail_from, "The address that mails come from.");
ABSL_FLAG(std::string, application_link_url, mynumber::card::CardOptions().application_link_url,
          "In mails to applicants, with the link's token behind it.");
ABSL_FLAG(std::string, indonesian_hours, "",
          "When 0120-0178-27 takes calls in Indonesian, as 10:00-18:00; the leaflet names no hours.");
ABSL_FLAG(int, access_retention_days, mynumber::issuance::IssuanceOptions().access_retention_days,
          "From the end of a month: so long until it is destroyed who looked at whose number, looked people up, or was "
          "refused. The law says seven years.");
ABSL_FLAG(int, case_retention_days, mynumber::hotline::HotlineOptions().case_retention_days,
          "When a case of the hotline is closed: so long until all that it says is destroyed.");
ABSL_FLAG(std::string, custody_months, "",
          "How long municipalities keep returned notices, if not 3 months: 131016=12,271004=6.");
ABSL_FLAG(std::string, application_url, mynumber::notice::NoticeParts().application_url,
          "Printed on notices as a QR code, with the application ID behind it.");
ABSL_FLAG(std::string, enquiry_phone, mynumber::notice::NoticeParts().enquiry_phone, "Printed on notices.");
ABSL_FLAG(std::string, enquiry_name, mynumber::notice::NoticeParts().enquiry_name, "Printed on notices.");
ABSL_FLAG(bool, operations_only, false,
          "Claim nothing and serve no residents: status, verify, log export and log import alone. For moving a log.");
ABSL_FLAG(std::string, manual_clock, "",
          "For a demonstration on the embedded log: a file that says how many seconds the services' clock is ahead of "
          "the real one; looked at twice a second.");
ABSL_FLAG(int, threads, 2, "Threads that drive the partitions.");
ABSL_FLAG(uint64_t, block_cache_mib, 256, "Block cache of all rows together.");
ABSL_FLAG(uint64_t, write_buffer_mib, 256, "Write buffers of all rows together.");
ABSL_FLAG(bool, refuse_record_code_check_digit, false,
          "Refuse record codes whose last digit breaks the (unverified) check digit rule.");
ABSL_FLAG(mynumber::log::Level, log_level, mynumber::log::Level::kInfo, "info, warn, error or none.");

namespace {

std::atomic<int64_t> ahead_micros{0};

// Never back: the services' time would not follow.
void LookAtManualClock() {
  std::ifstream file(absl::GetFlag(FLAGS_manual_clock));
  int64_t seconds = 0;
  if (file >> seconds) ahead_micros = std::max<int64_t>(ahead_micros, seconds * 1'000'000);
}

// False: there is something that is no municipality's code with a number of months.
bool ReadCustodyMonths(std::map<std::string, int>* months) {
  for (absl::string_view one : absl::StrSplit(absl::GetFlag(FLAGS_custody_months), ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(one, absl::MaxSplits('=', 1));
    const bool is_code = mynumber::identifiers::FindMunicipality(parts.first) != nullptr;
    int count = 0;
    if (!is_code || !absl::SimpleAtoi(parts.second, &count) || count < 1 || count > 120) return false;
    (*months)[parts.first] = count;
  }
  return true;
}

// Nothing: it is no time of a day.
std::optional<int> ReadMinuteOfDay(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  int hour = 0, minute = 0;
  const bool is_time = parts.first.size() == 2 && parts.second.size() == 2 && absl::SimpleAtoi(parts.first, &hour) &&
                       absl::SimpleAtoi(parts.second, &minute) && hour >= 0 && hour <= 24 && minute >= 0 &&
                       minute < 60 && hour * 60 + minute <= 24 * 60;
  return is_time ? std::optional<int>(hour * 60 + minute) : std::nullopt;
}

// False: these are no hours of a day.
bool ReadIndonesianHours(mynumber::hotline::LineSettings* lines) {
  const std::string text = absl::GetFlag(FLAGS_indonesian_hours);
  if (text.empty()) return true;
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('-', 1));
  const auto from = ReadMinuteOfDay(parts.first), to = ReadMinuteOfDay(parts.second);
  if (!from || !to || *from >= *to) return false;
  lines->indonesian = mynumber::hotline::Hours{*from, *to};
  return true;
}

mynumber::standalone::Options OptionsFromFlags() {
  mynumber::standalone::Options options;
  options.data = absl::GetFlag(FLAGS_data);
  options.keyring = absl::GetFlag(FLAGS_keyring);
  options.listen = absl::GetFlag(FLAGS_listen);
  options.admin = absl::GetFlag(FLAGS_admin);
  options.certificates = absl::GetFlag(FLAGS_certificates);
  options.policy_file = absl::GetFlag(FLAGS_policy);
  options.partition_count = absl::GetFlag(FLAGS_partitions);
  options.serves_notices = absl::GetFlag(FLAGS_notices);
  ReadIndonesianHours(&options.hotline.lines);
  options.issuance.access_retention_days = absl::GetFlag(FLAGS_access_retention_days);
  options.hotline.case_retention_days = absl::GetFlag(FLAGS_case_retention_days);
  ReadCustodyMonths(&options.notices.custody_months);
  options.notices.printed.application_url = absl::GetFlag(FLAGS_application_url);
  options.notices.printed.enquiry_phone = absl::GetFlag(FLAGS_enquiry_phone);
  options.notices.printed.enquiry_name = absl::GetFlag(FLAGS_enquiry_name);
  options.serves_cards = absl::GetFlag(FLAGS_cards);
  options.cards.mail_folder = absl::GetFlag(FLAGS_mail_folder);
  options.cards.smtp_url = absl::GetFlag(FLAGS_smtp_url);
  options.cards.smtp_login_file = absl::GetFlag(FLAGS_smtp_login_file);
  options.cards.smtp_needs_tls = absl::GetFlag(FLAGS_smtp_needs_tls);
  options.cards.mail_from = absl::GetFlag(FLAGS_mail_from);
  options.cards.application_link_url = absl::GetFlag(FLAGS_application_link_url);
  options.kafka.brokers = absl::GetFlag(FLAGS_brokers);
  options.kafka.tls = absl::GetFlag(FLAGS_kafka_tls);
  options.kafka.replication = absl::GetFlag(FLAGS_replication);
  options.kafka.topics = absl::GetFlag(FLAGS_topics);
  options.kafka.topic_prefix = absl::GetFlag(FLAGS_topic_prefix);
  options.kafka.cluster.instance = absl::GetFlag(FLAGS_instance);
  options.kafka.cluster.listen = absl::GetFlag(FLAGS_peers_listen);
  options.kafka.cluster.advertise = absl::GetFlag(FLAGS_peers_advertise);
  options.kafka.follows_all = absl::GetFlag(FLAGS_follow) == "all";
  options.cards.photo_folder = absl::GetFlag(FLAGS_photos);
  options.snapshot_folder = absl::GetFlag(FLAGS_snapshots);
  options.snapshot_seconds = absl::GetFlag(FLAGS_snapshot_seconds);
  options.operations_only = absl::GetFlag(FLAGS_operations_only);
  options.threads = absl::GetFlag(FLAGS_threads);
  if (!absl::GetFlag(FLAGS_manual_clock).empty()) {
    LookAtManualClock();
    options.now = [] { return mynumber::runtime::WallMicros() + ahead_micros; };
  }
  options.memory.block_cache_bytes = absl::GetFlag(FLAGS_block_cache_mib) << 20;
  options.memory.write_buffer_bytes = absl::GetFlag(FLAGS_write_buffer_mib) << 20;
  if (absl::GetFlag(FLAGS_refuse_record_code_check_digit)) {
    options.issuance.record_code_rule = mynumber::identifiers::CheckDigitRule::kRefuse;
  }
  return options;
}

// What is wrong with the flags; empty if nothing.
std::string Mistake() {
  std::map<std::string, int> months;
  if (!ReadCustodyMonths(&months)) {
    return "--custody_months must be as 131016=12,271004=6: known codes, 1 to 120 months";
  }
  mynumber::hotline::LineSettings lines;
  if (!ReadIndonesianHours(&lines)) return "--indonesian_hours must be as 10:00-18:00";
  const int access_days = absl::GetFlag(FLAGS_access_retention_days);
  if (access_days < 30 || access_days > mynumber::issuance::kAccessRetentionDaysMax) {
    return "--access_retention_days must be 30 to 7305";
  }
  const int case_days = absl::GetFlag(FLAGS_case_retention_days);
  if (case_days < 1 || case_days > 36'500) return "--case_retention_days must be 1 to 36500";
  const std::string log = absl::GetFlag(FLAGS_log);
  const bool brokers = !absl::GetFlag(FLAGS_brokers).empty();
  if (log != "embedded" && log != "kafka") return "--log must be embedded or kafka";
  if (log == "kafka" && !brokers) return "--log kafka needs --brokers HOST:PORT,HOST:PORT";
  if (log == "embedded" && brokers) return "--brokers needs --log kafka";
  if (log == "kafka" && !absl::GetFlag(FLAGS_manual_clock).empty()) return "--manual_clock needs --log embedded";
  if (absl::GetFlag(FLAGS_kafka_tls) && absl::GetFlag(FLAGS_certificates).empty()) {
    return "--kafka_tls needs --certificates";
  }
  const std::string follow = absl::GetFlag(FLAGS_follow);
  if (follow != "all" && follow != "owned") return "--follow must be all or owned";
  if (log == "embedded" && follow != "all") return "--follow=owned needs --log kafka";
  if (absl::GetFlag(FLAGS_snapshot_seconds) < 1) return "--snapshot_seconds must be 1 or more";
  if (absl::GetFlag(FLAGS_replication) < 1) return "--replication must be 1 or more";
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  mynumber::runtime::HandleStopSignals();
  absl::SetProgramUsageMessage("All services of the Individual Number cluster in one process.");
  absl::ParseCommandLine(argc, argv);
  if (const std::string mistake = Mistake(); !mistake.empty()) {
    std::fprintf(stderr, "mynumber-standalone: %s\n", mistake.c_str());
    return 2;
  }
  mynumber::log::Options log;
  log.lowest = absl::GetFlag(FLAGS_log_level);
  mynumber::log::Configure(log);
  mynumber::runtime::RaiseFileLimit();
  if (const absl::Status kept = mynumber::runtime::KeepOutOfDumps(); !kept.ok()) {
    std::fprintf(stderr, "mynumber-standalone: %s\n", std::string(kept.message()).c_str());
    return 1;
  }
  auto standalone = mynumber::standalone::Standalone::Start(OptionsFromFlags());
  if (!standalone.ok()) {
    std::fprintf(stderr, "mynumber-standalone: %s\n", std::string(standalone.status().message()).c_str());
    return 1;
  }
  bool announced = false;
  do {
    (*standalone)->Refresh();
    LookAtManualClock();
    if (!announced && ((*standalone)->Serving() || (*standalone)->operations_only())) {
      announced = true;
      const char* event = (*standalone)->Serving() ? "serving" : "operations_only";
      mynumber::log::Info(event, {{"port", (*standalone)->Port()}, {"admin_port", (*standalone)->AdminPort()}});
    }
  } while (!mynumber::runtime::WaitForStop(announced ? 500 : 20));
  mynumber::log::Info("stopping");
  (*standalone)->Stop(10'000);
  mynumber::log::Flush();
  return 0;
}
