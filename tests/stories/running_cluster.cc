#include "tests/stories/running_cluster.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <thread>

#include "gtest/gtest.h"
#include "libs/access/unlimited_policy.h"
#include "libs/rpc/channel.h"

namespace mynumber::stories {
namespace {

constexpr int kStartSecondsMax = 120;

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "running cluster: %s\n", why.c_str());
  std::abort();
}

// Sends `request` and reads until the other side closes.
std::string Exchange(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) Die("the admin port does not listen");
  if (write(fd, request.data(), request.size()) != static_cast<ssize_t>(request.size())) Die("the admin port is deaf");
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = read(fd, buffer, sizeof(buffer))) > 0;) answer.append(buffer, static_cast<size_t>(got));
  close(fd);
  return answer;
}

// Empty: there is none.
std::string Companion() {
  const char* companion = std::getenv("MYNUMBER_STORIES_COMPANION");
  return companion == nullptr ? std::string() : companion;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  const char* base = std::getenv("TEST_TMPDIR");
  std::string path = std::string(base != nullptr ? base : "/tmp") + "/story-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) Die("no temporary folder");
  path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RunningCluster::RunningCluster() {
  options.data = data();
  options.listen = "127.0.0.1:0";
  options.admin = "127.0.0.1:0";
  options.memory.block_cache_bytes = size_t{8} << 20;
  options.memory.write_buffer_bytes = size_t{8} << 20;
  options.memory.reserved_disk_bytes = 0;
  options.refusing_millis = 0;
  // One clerk of a story asks more often than a person could.
  options.policy_file = access::WriteUnlimitedPolicy(folder_.path() + "/unlimited-policy.textproto");
  options.serves_notices = false;
  options.serves_cards = false;
  options.now = [this] { return NowMicros(); };
  // The same stories on Kafka: tests/test_kafka.py.
  if (const char* brokers = std::getenv("MYNUMBER_STORIES_BROKERS")) {
    options.kafka.brokers = brokers;
    options.kafka.replication = 1;
    options.kafka.topic_prefix = "stories-" + std::filesystem::path(folder_.path()).filename().string();
    options.partition_count = 4;
    // A clock that a story drives is wrong as often as it likes.
    options.clock_off_max_micros = int64_t{1} << 60;
    options.cards.photo_folder = data() + "/card/photos";
    options.kafka.cluster.instance = "teller";
    options.kafka.follows_all = Companion() != "owned";
  }
}

absl::Status RunningCluster::TryStart() {
  auto started = standalone::Standalone::Start(options);
  if (!started.ok()) return started.status();
  standalone_ = *std::move(started);
  return absl::OkStatus();
}

void RunningCluster::Start() {
  const absl::Status status = TryStart();
  if (!status.ok()) Die(std::string(status.message()));
  for (int waited = 0; !standalone_->Serving(); ++waited) {
    if (waited > kStartSecondsMax * 100) Die("does not come to serve");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  standalone_->Refresh();
  if (!Companion().empty()) StartCompanion();
}

// Half of the partitions are its own from then on, so half of what a story asks for goes to it.
void RunningCluster::StartCompanion() {
  standalone::Options other = options;
  other.data = companion_folder_.path() + "/data";
  other.keyring = options.keyring.empty() ? data() + "/keyring" : options.keyring;
  other.cards.mail_folder = data() + "/mail";
  other.kafka.cluster.instance = "companion";
  auto started = standalone::Standalone::Start(other);
  if (!started.ok()) Die(std::string(started.status().message()));
  companion_ = *std::move(started);
  const auto page = [this] { return Exchange(companion_->AdminPort(), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"); };
  const std::regex serves("mynumber_partition_serving\\{[^}]*service=\"issuance\"[^}]*\\} 1");
  for (int waited = 0; !companion_->Serving() || !std::regex_search(page(), serves); ++waited) {
    if (waited > kStartSecondsMax * 20) Die("the companion owns nothing");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void RunningCluster::Stop(int64_t grace_millis) {
  if (companion_) companion_->Stop(grace_millis);
  companion_.reset();
  standalone_->Stop(grace_millis);
  standalone_.reset();
}

void RunningCluster::Restart() {
  Stop();
  Start();
}

std::string RunningCluster::RowsFolder(uint32_t partition) const {
  return data() + "/issuance/" + std::to_string(partition);
}

void RunningCluster::EditRows(uint32_t partition, const std::function<void(projection::RocksRows*)>& edit) {
  projection::SharedMemory memory(options.memory);
  auto rows = projection::RocksRows::Open(RowsFolder(partition), &memory, int64_t{1} << 60);
  if (!rows.ok()) Die(std::string(rows.status().message()));
  edit(rows->get());
}

std::string RunningCluster::target() const { return "127.0.0.1:" + std::to_string(standalone_->Port()); }

Client RunningCluster::NewClient() const {
  rpc::ChannelOptions channel;
  channel.retries = false;
  channel.own_connection = true;
  // So that a test can send what is too large.
  channel.max_message_bytes = 64 << 20;
  return Client(rpc::MakeChannel(target(), channel));
}

int64_t RunningCluster::NowMicros() const {
  const int64_t step_micros = step_micros_;
  return runtime::WallMicros() + (step_micros == 0 ? ahead_micros_.load() : ahead_micros_ += step_micros);
}

RunningCluster::Page RunningCluster::Get(const std::string& path) const {
  const std::string answer =
      Exchange(standalone_->AdminPort(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const size_t body = answer.find("\r\n\r\n");
  if (answer.rfind("HTTP/1.1 ", 0) != 0 || body == std::string::npos) Die("the admin port speaks no HTTP");
  return {std::atoi(answer.c_str() + 9), answer.substr(body + 4)};
}

double RunningCluster::Metric(const std::string& line) const {
  const std::string text = "\n" + Get("/metrics").body;
  const size_t at = text.find("\n" + line + " ");
  return at == std::string::npos ? -1 : std::atof(text.c_str() + at + 1 + line.size());
}

double RunningCluster::SumOf(const std::string& metric) const {
  double sum = 0;
  const std::string text = "\n" + Get("/metrics").body, line = "\n" + metric + "{";
  for (size_t at = text.find(line); at != text.npos; at = text.find(line, at + 1)) {
    sum += std::atof(text.c_str() + text.find("} ", at) + 2);
  }
  return sum;
}

void RunningCluster::AwaitZero(const std::string& metric) const {
  for (int i = 0; i < 4000 && SumOf(metric) > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(SumOf(metric), 0) << metric;
}

}  // namespace mynumber::stories
