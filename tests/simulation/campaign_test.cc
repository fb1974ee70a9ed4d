#include "tests/simulation/campaign.h"

#include <cstdio>
#include <iostream>
#include <set>
#include <sstream>

#include "gtest/gtest.h"

namespace mynumber::simulation {
namespace {

constexpr uint64_t kSeeds = 5'000;
constexpr uint64_t kSeedsForABug = 200;

TEST(CampaignTest, EveryPromiseIsKeptUnderEverySeedAndEverythingHappened) {
  const CampaignResult result = RunCampaign({1, kSeeds}, std::cout);
  Print(result, std::cout);
  EXPECT_EQ(result.broken_seeds, 0u) << "replay it: simulate --seed " << result.first_broken_seed << " --verbose";
  EXPECT_EQ(result.seeds, kSeeds);
  for (const auto& [name, count] : result.happened) EXPECT_GT(count, 0u) << "never happened: " << name;
  EXPECT_EQ(result.happened.size(), AllThatMustHappen().size()) << "something happened that has no place in the list";
}

TEST(CampaignTest, TheSameSeedTellsTheSameStory) {
  std::set<uint64_t> hashes;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const CampaignResult first = RunCampaign({seed}, std::cout), again = RunCampaign({seed}, std::cout);
    EXPECT_EQ(first.trace_hash, again.trace_hash) << seed;
    EXPECT_EQ(first.happened, again.happened) << seed;
    hashes.insert(first.trace_hash);
  }
  EXPECT_EQ(hashes.size(), 100u) << "another seed, another story";
}

std::string Output(const char* command) {
  FILE* pipe = popen(command, "r");
  if (pipe == nullptr) return "";
  std::string out;
  char buffer[4096];
  while (const size_t size = fread(buffer, 1, sizeof(buffer), pipe)) out.append(buffer, size);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return out;
}

TEST(CampaignTest, EveryProcessTellsTheSameStory) {
  const char kCommand[] = "tests/simulation/simulate --seed 7 --seeds 20 --verbose 2>/dev/null";
  const std::string story = Output(kCommand);
  EXPECT_GT(story.size(), 100'000u);
  EXPECT_EQ(story, Output(kCommand));
}

class PlantedBugTest : public testing::TestWithParam<Bug> {};

TEST_P(PlantedBugTest, IsFoundByTheUnchangedSimulation) {
  std::ostringstream story;
  const CampaignResult result = RunCampaign({1, kSeedsForABug, GetParam()}, story);
  std::cout << BugName(GetParam()) << " is found at " << story.str();
  EXPECT_EQ(result.broken_seeds, 1u) << "not found within " << kSeedsForABug << " seeds";
}

INSTANTIATE_TEST_SUITE_P(Six, PlantedBugTest, testing::ValuesIn(kPlantedBugs),
                         [](const auto& info) { return std::string(BugName(info.param)); });

}  // namespace
}  // namespace mynumber::simulation
