"""Prints the Debian packages of the shared libraries that the product's binaries name: the list of the Dockerfile."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = (ROOT / "bazel-bin/services/standalone/mynumber-standalone",
            ROOT / "bazel-bin/services/mynumberctl/mynumberctl")
# In every Debian image.
ESSENTIAL = {"libc6", "libgcc-s1"}


def output_of(*words):
    return subprocess.run([str(word) for word in words], check=True, stdout=subprocess.PIPE, text=True).stdout


def named_libraries(binary):
    """Those that the binary itself needs, not what they need in turn: file name -> path."""
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "--dynamic", "--wide", binary)))
    paths = dict(re.findall(r"^\s*(\S+) => (/\S+)", output_of("ldd", binary), re.MULTILINE))
    return {name: pathlib.Path(paths[name]) for name in needed if name in paths}


def package_of(library):
    """dpkg knows a file under the name that its package had, before or after /lib became a link to /usr/lib."""
    real = str(library.resolve())
    names = {str(library), real} | {name.removeprefix("/usr") for name in (str(library), real)}
    names |= {"/usr" + name for name in names if name.startswith("/lib")}
    done = subprocess.run(["dpkg-query", "--search", *sorted(names)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True)
    packages = {line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith("diversion")}
    if len(packages) != 1:
        raise LookupError(f"{library} is of {sorted(packages) or 'no package'}")
    return packages.pop()


def packages():
    libraries = {path for binary in BINARIES for path in named_libraries(binary).values()}
    return sorted({package_of(library) for library in libraries} - ESSENTIAL)


if __name__ == "__main__":
    print("\n".join(packages()))
