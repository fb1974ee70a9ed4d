"""Prints what the binaries are made of, as CycloneDX 1.5 in JSON: of the same binaries and packages, the same bytes.

/opt/mynumber/python/bin/python3 deploy/sbom/bill_of_materials.py > mynumber.cdx.json
"""

import hashlib
import importlib.metadata
import json
import re
import uuid

import debian_packages
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot5
from cyclonedx.spdx import fixup_id
from debian_packages import ROOT
from packageurl import PackageURL

BINARIES = debian_packages.runtime_libraries.BINARIES
NAMESPACE = uuid.UUID("6f3c2a0e-5d5b-4b5e-9a86-3f5b0d1c7e42")
# Of packages.txt: what only tests link, and what an instance needs beside its libraries (deploy/images/Dockerfile).
OF_TESTS = {"libbenchmark-dev", "libgmock-dev", "libgtest-dev", "librapidcheck-dev"}
DATA = re.compile("fonts-|ca-certificates$")
BESIDE = ["ca-certificates"]
DEVELOPMENT_LISTS = ("packages-kafka.txt", "packages-tools.txt", "packages-cluster.txt",
                     "packages-fuzz.txt")
# What a component is for. Headers are compiled in, and of RocksDB and jemalloc the whole library.
LINKED, COMPILED_IN, OF_INSTANCE, OF_BUILD, OF_DEVELOPMENT = "linked", "compiled in", "data", "build", "development"
SHIPPED = {LINKED, COMPILED_IN, OF_INSTANCE}
TYPES = {LINKED: ComponentType.LIBRARY, COMPILED_IN: ComponentType.LIBRARY, OF_INSTANCE: ComponentType.DATA}
# Where Debian's word for a licence is another than SPDX's.
SPDX_OF_DEBIAN = {"expat": "MIT", "isc-license": "ISC", "public-domain": None}
GNU = re.compile(r"(A?GPL|LGPL|GFDL)-(\d+)(\.\d+)?(\+?)$")


def spdx(word):
    """SPDX's identifier for a licence in Debian's words, or None."""
    gnu = GNU.match(word)
    if gnu:
        word = f"{gnu[1]}-{gnu[2]}{gnu[3] or '.0'}-{'or-later' if gnu[4] else 'only'}"
    return fixup_id(SPDX_OF_DEBIAN.get(word.lower(), word) or "")


def licences(words):
    found = {(spdx(word), None if spdx(word) else word) for word in words}
    return [DisjunctiveLicense(id=identifier, name=name) for identifier, name in found]


def uses():
    """package -> what it is for; the first that fits."""
    found = {}
    for binary in BINARIES:
        found |= {name: LINKED for name in debian_packages.linked_packages(binary) if name}
    for name in debian_packages.listed("packages.txt") + BESIDE:
        is_compiled_in = name.endswith("-dev") and name not in OF_TESTS
        found.setdefault(name, COMPILED_IN if is_compiled_in else OF_INSTANCE if DATA.match(name) else OF_BUILD)
    for name in (name for file in DEVELOPMENT_LISTS for name in debian_packages.listed(file)):
        found.setdefault(name, OF_DEVELOPMENT)
    return found


def component_of(name, use, purl, version=None, **more):
    return Component(
        name=name, version=version, purl=purl, bom_ref=purl.to_string(), **more,
        type=TYPES.get(use, ComponentType.APPLICATION),
        scope=ComponentScope.REQUIRED if use in SHIPPED else ComponentScope.EXCLUDED)


def debian_component(name, use, facts):
    properties = [Property(name="mynumber:use", value=use)]
    if facts is None:
        properties.append(Property(name="mynumber:installed", value="no"))
        return component_of(name, use, PackageURL("deb", "debian", name, qualifiers={"distro": "bookworm"}),
                            properties=properties)
    properties += [Property(name="debian:source", value=facts.source),
                   Property(name="debian:source-version", value=facts.source_version)]
    purl = PackageURL("deb", "debian", name, facts.version,
                      qualifiers={"arch": facts.architecture, "distro": "bookworm"})
    return component_of(name, use, purl, facts.version, properties=properties,
                        licenses=licences(debian_packages.licences_of(name)))


def python_component(requirement):
    name, version = requirement.split("==")
    try:
        said = importlib.metadata.metadata(name)
        words = [word for word in (said["License-Expression"], said["License"]) if word and spdx(word)]
    except importlib.metadata.PackageNotFoundError:
        words = []
    return component_of(name, OF_DEVELOPMENT, PackageURL("pypi", None, name, version), version,
                        properties=[Property(name="mynumber:use", value=OF_DEVELOPMENT)],
                        licenses=licences(words[:1]))


def binary_component(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Component(name=path.name, type=ComponentType.APPLICATION, bom_ref=path.name,
                     hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)])


def add_dependencies(bom, packages, use_of):
    compiled_in = [packages[name] for name, use in use_of.items() if use == COMPILED_IN]
    for path in BINARIES:
        binary = binary_component(path)
        bom.components.add(binary)
        bom.register_dependency(bom.metadata.component, [binary])
        for name, needed in debian_packages.linked_packages(path).items():
            on = [packages[other] for other in needed]
            bom.register_dependency(packages[name] if name else binary, on if name else on + compiled_in)


def bill():
    use_of = uses()
    facts = debian_packages.facts_of(use_of)
    packages = {name: debian_component(name, use, facts.get(name)) for name, use in use_of.items()}
    bom = Bom(components=packages.values())
    bom.metadata.component = Component(name="mynumber", type=ComponentType.APPLICATION, bom_ref="mynumber")
    bom.components.update(map(python_component, debian_packages.listed("requirements.txt")))
    add_dependencies(bom, packages, use_of)
    document = json.loads(JsonV1Dot5(bom).output_as_string())
    # Neither the hour nor chance: whoever wants to know whether something changed compares two files.
    document["metadata"].pop("timestamp", None)
    document.pop("serialNumber", None)
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    document["serialNumber"] = uuid.uuid5(NAMESPACE, digest).urn
    return document


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1, sort_keys=True, ensure_ascii=False))
