#include "libs/kafka_log/member_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "gtest/gtest.h"

namespace mynumber::kafka_log {
namespace {

constexpr char kProgram[] = "libs/kafka_log/member_main";

}  // namespace

MemberProcess::MemberProcess(const std::string& name, const std::string& brokers, const std::string& prefix) {
  int from[2];
  EXPECT_EQ(pipe2(from, O_CLOEXEC), 0);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(from[1], STDOUT_FILENO);
    execl(kProgram, kProgram, name.c_str(), brokers.c_str(), prefix.c_str(), nullptr);
    std::perror(kProgram);
    _exit(127);
  }
  close(from[1]);
  from_ = from[0];
  fcntl(from_, F_SETFL, O_NONBLOCK);
}

MemberProcess::~MemberProcess() {
  Kill();
  close(from_);
}

void MemberProcess::Kill() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void MemberProcess::Stop() {
  kill(pid_, SIGSTOP);
  waitpid(pid_, nullptr, WUNTRACED);
}

void MemberProcess::Wake() { kill(pid_, SIGCONT); }

const std::set<uint32_t>& MemberProcess::partitions() {
  Listen();
  return partitions_;
}

int MemberProcess::losses() {
  Listen();
  return losses_;
}

void MemberProcess::Listen() {
  char piece[4096];
  for (ssize_t size; (size = read(from_, piece, sizeof(piece))) > 0;) {
    heard_.append(piece, static_cast<size_t>(size));
  }
  for (size_t end; (end = heard_.find('\n')) != std::string::npos; heard_.erase(0, end + 1)) {
    const uint32_t partition = static_cast<uint32_t>(std::atoi(heard_.c_str() + 1));
    if (heard_[0] == '+') partitions_.insert(partition);
    if (heard_[0] == '-') losses_ += static_cast<int>(partitions_.erase(partition));
  }
}

}  // namespace mynumber::kafka_log
