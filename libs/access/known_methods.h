#ifndef MYNUMBER_LIBS_ACCESS_KNOWN_METHODS_H_
#define MYNUMBER_LIBS_ACCESS_KNOWN_METHODS_H_

#include <string>
#include <vector>

namespace mynumber::access {

// Every method that an instance may serve, as "package.Service/Method", service by service in the order of the protos;
// health and reflection too, and those of services that this process does not run: one policy file fits all. What only
// tests serve is not among them.
std::vector<std::string> KnownMethods();

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_KNOWN_METHODS_H_
