// Prints a policy file as the table deploy/access/matrix.txt.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "libs/access/known_methods.h"
#include "libs/access/matrix.h"

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "");
  if (!file) {
    std::cerr << "Name a policy file that can be read: print_matrix deploy/access/policy.textproto\n";
    return 2;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::vector<std::string> methods = mynumber::access::KnownMethods();
  const auto policy = mynumber::access::Policy::Parse(text, methods);
  if (!policy.ok()) {
    std::cerr << policy.status().message() << "\n";
    return 1;
  }
  std::cout << mynumber::access::MatrixOf(*policy, methods);
  return 0;
}
