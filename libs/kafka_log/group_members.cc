#include "libs/kafka_log/group_members.h"

namespace mynumber::kafka_log {
namespace {

constexpr int kAskMillis = 5000;

}  // namespace

absl::StatusOr<std::vector<std::string>> GroupMembers(Client* client, const std::string& group) {
  const rd_kafka_group_list* groups = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_list_groups(client->get(), group.c_str(), &groups, kAskMillis);
  std::vector<std::string> members;
  for (int g = 0; error == RD_KAFKA_RESP_ERR_NO_ERROR && g < groups->group_cnt; ++g) {
    const rd_kafka_group_info& info = groups->groups[g];
    error = info.err;
    for (int m = 0; m < info.member_cnt; ++m) members.emplace_back(info.members[m].client_id);
  }
  if (groups != nullptr) rd_kafka_group_list_destroy(groups);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, "the group's members cannot be asked for");
  return members;
}

}  // namespace mynumber::kafka_log
