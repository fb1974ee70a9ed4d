#include "libs/kafka_log/tcp_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace mynumber::kafka_log {
namespace {

constexpr size_t kPiece = 64 << 10;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void MakeNonBlocking(int socket) { fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK); }

// Appends what has come; true: the other side has gone.
bool Receive(int socket, std::string* bytes) {
  char piece[kPiece];
  for (;;) {
    const ssize_t size = recv(socket, piece, sizeof(piece), 0);
    if (size > 0) {
      bytes->append(piece, static_cast<size_t>(size));
    } else {
      return size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }
  }
}

// Sends what goes; true: the other side has gone.
bool Send(int socket, std::string* bytes) {
  while (!bytes->empty()) {
    const ssize_t size = send(socket, bytes->data(), bytes->size(), MSG_NOSIGNAL);
    if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
    bytes->erase(0, static_cast<size_t>(size));
  }
  return false;
}

}  // namespace

int FreePort() {
  std::random_device random;
  for (;;) {
    const int port = 20'000 + static_cast<int>(random() % 12'000);
    const int tried = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(port);
    const bool is_free = bind(tried, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    close(tried);
    if (is_free) return port;
  }
}

TcpProxy::TcpProxy(int listen_port, int target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  const sockaddr_in address = Loopback(listen_port);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 64) != 0) {
    std::perror("the proxy cannot listen");
    std::abort();
  }
  MakeNonBlocking(listener_);
  thread_ = std::thread([this] { Run(); });
}

TcpProxy::~TcpProxy() {
  stopping_ = true;
  thread_.join();
  for (const auto& wire : wires_) {
    close(wire->client);
    close(wire->broker);
  }
  close(listener_);
}

void TcpProxy::Run() {
  while (!stopping_) {
    std::vector<pollfd> sockets = {{listener_, POLLIN, 0}};
    for (const auto& wire : wires_) {
      if (!wire->client_gone) sockets.push_back({wire->client, POLLIN, 0});
      if (!wire->broker_gone) sockets.push_back({wire->broker, POLLIN, 0});
    }
    // Short, since a change of mode wakes nobody.
    poll(sockets.data(), sockets.size(), 1);
    Accept();
    size_t held = 0;
    for (auto it = wires_.begin(); it != wires_.end();) {
      if (Serve(it->get())) {
        held += (*it)->to_broker.size();
        ++it;
        continue;
      }
      close((*it)->client);
      close((*it)->broker);
      it = wires_.erase(it);
    }
    held_ = held;
  }
}

void TcpProxy::Accept() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    const int broker = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(target_port_);
    if (mode_ == Mode::kCut || connect(broker, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      close(broker);
      close(client);
      continue;
    }
    MakeNonBlocking(broker);
    auto wire = std::make_unique<Wire>();
    wire->client = client;
    wire->broker = broker;
    wires_.push_back(std::move(wire));
  }
}

bool TcpProxy::Serve(Wire* wire) {
  if (!wire->client_gone) wire->client_gone = Receive(wire->client, &wire->to_broker);
  if (!wire->broker_gone) wire->broker_gone = Receive(wire->broker, &wire->to_client);
  // Only now: what has come since the mode was changed must not slip through.
  const Mode mode = mode_;
  if (mode == Mode::kCut) return false;
  if (mode != Mode::kHoldRequests && !wire->broker_gone) wire->broker_gone = Send(wire->broker, &wire->to_broker);
  if (mode == Mode::kLoseAnswers || wire->client_gone) wire->to_client.clear();
  if (!wire->client_gone) wire->client_gone = Send(wire->client, &wire->to_client);
  if (wire->broker_gone && wire->to_client.empty()) return false;
  // A client that has gone leaves its last words.
  return !wire->client_gone || !wire->to_broker.empty();
}

}  // namespace mynumber::kafka_log
