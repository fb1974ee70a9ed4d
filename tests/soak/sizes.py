"""How much the tests of this folder do: the short form, unless the environment asks for more (run does)."""

import os
import random

ROWS = int(os.environ.get("SOAK_ROWS", 100_000))
# Of the carrier, in the file that is imported.
REPORTS = int(os.environ.get("SOAK_REPORTS", 20_000))
NOTICES = int(os.environ.get("SOAK_NOTICES", 100))
# Cards that are suspended beside a load.
SUSPENSIONS = int(os.environ.get("SOAK_SUSPENSIONS", 400))
# Whole sizes, by hand on a machine that does nothing else: then aims are held, too.
WHOLE = "SOAK_SUSPENSIONS" in os.environ
# Residents of the canary test, whose traces are sought everywhere.
CANARIES = int(os.environ.get("SOAK_CANARIES", 30))
# Residents whose notices are drawn at once.
MIX_UPS = int(os.environ.get("SOAK_MIX_UPS", 40))
KILLS = int(os.environ.get("SOAK_KILLS", 3))
# Real Kafka brokers under the loads and kills; 0: the embedded log.
BROKERS = int(os.environ.get("SOAK_BROKERS", 0))
# Of each fault between two writers on Kafka; their short form is with the code.
ROUNDS = int(os.environ.get("SOAK_ROUNDS", 0))
# Printed by every test that draws from it: the same seed draws the same moments.
SEED = int(os.environ.get("SOAK_SEED", random.randrange(100)))
# tests/run --fast leaves these tests out.
FAST = bool(os.environ.get("TESTS_FAST"))


def note(text):
    """Progress and figures, as they come."""
    print(text, flush=True)
