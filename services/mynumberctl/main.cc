#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "services/mynumberctl/command_line.h"

namespace {

int TerminalColumns() {
  for (const int file : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return 80;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has seen enough, as `head`
  const mynumber::mynumberctl::Console console{
      std::cin,
      std::cout,
      std::cerr,
      isatty(STDIN_FILENO) == 1,
      isatty(STDOUT_FILENO) == 1,
      isatty(STDERR_FILENO) == 1,
      TerminalColumns(),
  };
  const auto code = mynumber::mynumberctl::RunCommandLine(argc, argv, console);
  std::cout.flush();
  return static_cast<int>(code);
}
