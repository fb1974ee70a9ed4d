#include "libs/mailbox/smtp_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace mynumber::mailbox {
namespace {

// deploy/install makes it.
constexpr char kPython[] = "/opt/mynumber/python/bin/python";
constexpr char kScript[] = "libs/mailbox/smtp_server_for_tests.py";

}  // namespace

SmtpServer::SmtpServer(const std::string& kind) {
  folder_ = testing::TempDir() + "smtp_XXXXXX";
  EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  int from[2];
  EXPECT_EQ(pipe2(from, O_CLOEXEC), 0);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(from[1], STDOUT_FILENO);
    execl(kPython, kPython, kScript, kind.c_str(), folder_.c_str(), nullptr);
    std::perror(kPython);
    _exit(127);
  }
  close(from[1]);
  std::string heard;
  for (char c; read(from[0], &c, 1) == 1 && c != '\n';) heard.push_back(c);
  close(from[0]);
  EXPECT_EQ(heard.rfind("ready ", 0), 0u) << "the mail server did not start: " << heard;
  port_ = heard.substr(heard.find(' ') + 1);
}

SmtpServer::~SmtpServer() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  std::filesystem::remove_all(folder_);
}

std::string SmtpServer::Received(int index) const {
  std::stringstream text;
  text << std::ifstream(folder_ + "/" + std::to_string(index) + ".txt").rdbuf();
  return text.str();
}

}  // namespace mynumber::mailbox
