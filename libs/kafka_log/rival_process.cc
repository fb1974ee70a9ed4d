#include "libs/kafka_log/rival_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <sstream>

#include "gtest/gtest.h"

namespace mynumber::kafka_log {
namespace {

constexpr char kProgram[] = "libs/kafka_log/rival_main";

}  // namespace

RivalProcess::RivalProcess(const std::string& name, const KafkaLogOptions& options) {
  int to[2], from[2];
  EXPECT_EQ(pipe2(to, O_CLOEXEC) | pipe2(from, O_CLOEXEC), 0);
  const std::string timeout = options.producer_settings.at("message.timeout.ms");
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    execl(kProgram, kProgram, name.c_str(), options.brokers.c_str(), options.prefix.c_str(), timeout.c_str(), nullptr);
    std::perror(kProgram);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  to_ = to[1];
  from_ = from[0];
  fcntl(from_, F_SETFL, O_NONBLOCK);
}

RivalProcess::~RivalProcess() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  close(to_);
  close(from_);
}

void RivalProcess::Stop() {
  kill(pid_, SIGSTOP);
  waitpid(pid_, nullptr, WUNTRACED);
}

void RivalProcess::Wake() { kill(pid_, SIGCONT); }

void RivalProcess::Send(const std::string& line) {
  const std::string text = line + "\n";
  EXPECT_EQ(write(to_, text.data(), text.size()), static_cast<ssize_t>(text.size())) << "the rival has gone";
}

void RivalProcess::Listen() {
  char piece[4096];
  for (ssize_t size; (size = read(from_, piece, sizeof(piece))) > 0;) {
    heard_.append(piece, static_cast<size_t>(size));
  }
  for (size_t end; (end = heard_.find('\n')) != std::string::npos; heard_.erase(0, end + 1)) {
    Hear(heard_.substr(0, end));
  }
}

void RivalProcess::Hear(const std::string& line) {
  std::istringstream in(line);
  std::string verb, word;
  in >> verb;
  if (verb == "word") {
    size_t index = 0;
    in >> index >> word;
    told_.Answer(word, index);
  } else if (verb == "read") {
    Told::Read read;
    in >> read.seen >> read.found >> read.last;
    told_.reads.push_back(read);
  } else {
    int phase = 0;
    in >> phase >> counts_.claims >> counts_.void_records >> counts_.unknown_outcomes >>
        counts_.unknown_found_written >> counts_.unknown_found_absent;
    phase_ = static_cast<eventsourcing::Ownership::Phase>(phase);
  }
}

}  // namespace mynumber::kafka_log
