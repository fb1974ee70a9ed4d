"""Who may call what is decided for every method of every service."""

import re
import unittest

import sources

TABLE = "deploy/access/matrix.txt"
# Served in tests alone.
TESTING = "protos/mynumber/testing/"


def methods_of_protos():
    """"mynumber.card.v1.CardService" -> its methods."""
    found = {}
    for name in sources.files():
        if not name.endswith(".proto") or name.startswith(TESTING):
            continue
        text = sources.text_of(name)
        package = re.search(r"^package ([\w.]+);", text, re.MULTILINE)
        for service, body in re.findall(r"^service (\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL):
            found[f"{package[1]}.{service}"] = re.findall(r"^ *rpc (\w+)", body, re.MULTILINE)
    return found


def methods_of_table():
    """The same of the table: a block for each service, its name above the methods."""
    found = {}
    for block in sources.text_of(TABLE).split("\n\n")[1:]:
        service, *rows = block.splitlines()
        found[service] = [row.split()[0] for row in rows if row[0] != " "]
    return found


class AccessTest(unittest.TestCase):
    def test_every_method_has_a_row(self):
        table = methods_of_table()
        self.assertGreater(len(table), 5)
        for service, methods in methods_of_protos().items():
            self.assertEqual(
                table.get(service), methods,
                f"{TABLE} does not have the methods of {service}: link its proto in libs/access/known_methods.cc, "
                "grant each method in deploy/access/policy.textproto, and write the table anew "
                "(deploy/access/README.md)")

    def test_reflection_is_decided_too(self):
        self.assertIn("grpc.reflection.v1alpha.ServerReflection", methods_of_table())


if __name__ == "__main__":
    unittest.main()
