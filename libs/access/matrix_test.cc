// The real policy over every method that there is: held against the reviewed table, and against what the messages
// themselves say of their contents.

#include "libs/access/matrix.h"

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"
#include "libs/access/known_methods.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::access {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using testing::IsEmpty;

constexpr char kPolicy[] = "deploy/access/policy.textproto";
constexpr char kTable[] = "deploy/access/matrix.txt";

std::string TextOf(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

const Policy& RealPolicy() {
  static const auto* policy = [] {
    auto parsed = Policy::Parse(TextOf(kPolicy), KnownMethods());
    return new Policy(parsed.ok() ? *std::move(parsed) : Policy());
  }();
  return *policy;
}

std::vector<Role> EveryRole() {
  std::vector<Role> roles;
  for (size_t i = 0; i < kRoles; ++i) roles.push_back(static_cast<Role>(i));
  return roles;
}

// Null for gRPC's reflection, whose descriptor is the plugin's.
const MethodDescriptor* DescriptorOf(std::string method) {
  method.replace(method.find('/'), 1, ".");
  return DescriptorPool::generated_pool()->FindMethodByName(method);
}

// Names of the fields in a message, and in those within it, that are marked as personal data.
void AddSensitive(const Descriptor* message, std::set<const Descriptor*>* seen, std::set<std::string>* fields) {
  if (!seen->insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    if (field->options().GetExtension(type::sensitive)) fields->insert(field->full_name());
    if (field->message_type() != nullptr) AddSensitive(field->message_type(), seen, fields);
  }
}
std::set<std::string> SensitiveIn(const Descriptor* message) {
  std::set<std::string> fields;
  std::set<const Descriptor*> seen;
  AddSensitive(message, &seen, &fields);
  return fields;
}

// Whatever personal data a role may be told.
std::set<std::string> ToldTo(Role role) {
  std::set<std::string> told;
  for (const std::string& method : KnownMethods()) {
    const MethodDescriptor* descriptor = DescriptorOf(method);
    if (descriptor == nullptr || !RealPolicy().DecideRole(role, method).allowed) continue;
    told.merge(SensitiveIn(descriptor->output_type()));
  }
  return told;
}

// Lines of a table, each with the service that it stands under.
std::vector<std::string> RowsOf(const std::string& table) {
  std::vector<std::string> rows;
  std::istringstream lines(table);
  std::string line, service;
  while (std::getline(lines, line)) {
    if (line.find(' ') == std::string::npos) service = line;
    rows.push_back(service + ": " + line + "\n");
  }
  return rows;
}

// Those of one table that the other does not have.
std::string Missing(const std::string& from, const std::string& in, const char* mark) {
  const std::vector<std::string> others = RowsOf(in);
  const std::set<std::string> there(others.begin(), others.end());
  std::string missing;
  for (const std::string& row : RowsOf(from)) missing += there.count(row) == 0 ? mark + row : "";
  return missing;
}

TEST(Matrix, TheRealPolicyIsRightAndEverythingCanBeCalledBySomebody) {
  const auto policy = Policy::Parse(TextOf(kPolicy), KnownMethods());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_THAT(policy->warnings(), IsEmpty());
}

TEST(Matrix, IsTheTableThatWasReviewed) {
  const std::string reviewed = TextOf(kTable), now = MatrixOf(RealPolicy(), KnownMethods());
  EXPECT_TRUE(reviewed == now) << "Who may call what has changed, or a method has no decision yet:\n"
                               << Missing(reviewed, now, "- ") << Missing(now, reviewed, "+ ")
                               << "If that is meant, write the table anew and have it reviewed:\n"
                               << "  bazel run //libs/access:print_matrix > " << kTable << "\n";
}

TEST(Matrix, NothingUnlistedIsAllowed) {
  v1::Policy file;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(TextOf(kPolicy), &file));
  std::set<std::pair<std::string, std::string>> listed;
  for (const auto& role : file.roles()) {
    for (const auto& grant : role.grants()) {
      for (const auto& method : grant.methods()) listed.emplace(role.name(), grant.service() + "/" + method);
    }
  }
  std::vector<std::string> methods = KnownMethods();
  for (const char* other : {"mynumber.testing.v1.EchoService/Echo", "mynumber.issuance.v1.IssuanceService/",
                            "mynumber.issuance.v1.IssuanceService", "GetResident"}) {
    methods.push_back(other);
  }
  size_t allowed = 0;
  for (Role role : EveryRole()) {
    for (const std::string& method : methods) {
      const Decision decision = RealPolicy().DecideRole(role, "/" + method);
      EXPECT_EQ(decision.allowed, listed.count({std::string(NameOf(role)), method}) == 1) << NameOf(role) << method;
      EXPECT_EQ(decision.allowed, decision.scope != Scope::kNone);
      allowed += decision.allowed;
    }
  }
  EXPECT_EQ(allowed, listed.size());
}

// `actor.authority` or certificate: a municipality is decided like every other one, and by no means as anybody's.
TEST(Matrix, AMunicipalityIsToldPersonalDataOfItsOwnAlone) {
  int own = 0;
  for (const std::string& method : KnownMethods()) {
    const Decision decision = RealPolicy().DecideRole(Role::kMunicipality, method);
    const MethodDescriptor* descriptor = DescriptorOf(method);
    if (!decision.allowed || descriptor == nullptr || SensitiveIn(descriptor->output_type()).empty()) continue;
    EXPECT_NE(decision.scope, Scope::kAll) << method;
    ++own;
  }
  EXPECT_GT(own, 10);
}

TEST(Matrix, NobodyElseIsToldMoreThanTheirWorkNeeds) {
  const std::set<std::string> label = {"mynumber.postoffice.v1.ManifestPiece.addressee_name",
                                       "mynumber.postoffice.v1.ManifestPiece.postal_code",
                                       "mynumber.postoffice.v1.ManifestPiece.address"};
  const std::string masked_name = "mynumber.card.v1.Candidate.masked_name";
  std::map<Role, std::set<std::string>> may;
  may[Role::kPostOffice] = label;
  may[Role::kHotline] = {masked_name, "mynumber.hotline.v1.Note.text"};
  may[Role::kHotlineService] = {masked_name};
  may[Role::kStandaloneService] = {masked_name};
  for (const char* field : {"serial", "full_name", "alias", "birth_date", "address", "photo"}) {
    may[Role::kFactory].insert(std::string("mynumber.card.v1.ProductionOrder.") + field);
  }
  for (Role role : EveryRole()) {
    if (role != Role::kMunicipality) EXPECT_EQ(ToldTo(role), may[role]) << NameOf(role);
  }
}

TEST(Matrix, ThisTestSeesPersonalData) {
  const std::set<std::string> told = ToldTo(Role::kMunicipality);
  EXPECT_EQ(told.count("mynumber.issuance.v1.DiscloseNumberResponse.individual_number"), 1);
  EXPECT_EQ(told.count("mynumber.notice.v1.RenderNoticeResponse.pdf"), 1);
}

TEST(Matrix, APurposeIsRequiredWhereverOneCanBeNamed) {
  int required = 0;
  for (const std::string& method : KnownMethods()) {
    const MethodDescriptor* descriptor = DescriptorOf(method);
    if (descriptor == nullptr || descriptor->service()->full_name() != "mynumber.issuance.v1.IssuanceService") continue;
    const bool names_one = descriptor->input_type()->FindFieldByName("purpose") != nullptr;
    for (Role role : EveryRole()) {
      const Decision decision = RealPolicy().DecideRole(role, method);
      if (decision.allowed) EXPECT_EQ(decision.purposes_required, names_one) << NameOf(role) << method;
      required += decision.purposes_required;
    }
  }
  EXPECT_GT(required, 1);
}

TEST(Matrix, NoLimitHoldsASuspensionUp) {
  int suspending = 0;
  for (const std::string& method : KnownMethods()) {
    if (method.find("/SuspendCard") == std::string::npos) continue;
    for (Role role : EveryRole()) {
      const Decision decision = RealPolicy().DecideRole(role, method);
      EXPECT_EQ(decision.exempt_from_limits, decision.allowed) << NameOf(role) << method;
      suspending += decision.allowed;
    }
  }
  EXPECT_GE(suspending, 5);
}

TEST(Matrix, EveryRoleStandsInTheFile) {
  for (Role role : EveryRole()) EXPECT_GT(RealPolicy().LimitsOf(role).of_identity.burst(), 0) << NameOf(role);
}

TEST(KnownMethods, HealthIsAsItsProtoHasIt) {
  const std::vector<std::string> methods = KnownMethods();
  const auto* service = grpc::health::v1::HealthCheckRequest::descriptor()->file()->service(0);
  for (int i = 0; i < service->method_count(); ++i) {
    EXPECT_THAT(methods, testing::Contains(service->full_name() + "/" + service->method(i)->name()));
  }
  EXPECT_EQ(std::set<std::string>(methods.begin(), methods.end()).size(), methods.size());
}

}  // namespace
}  // namespace mynumber::access
