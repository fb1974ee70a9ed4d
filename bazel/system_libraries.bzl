"""Debian's libraries as Bazel targets: @system//:<name>, found by pkg-config, headers from /usr/include."""

# target -> pkg-config modules, or linker flags where a package brings no .pc file.
_LIBRARIES = {
    "absl": [
        "absl_status", "absl_statusor", "absl_strings", "absl_time", "absl_hash", "absl_flat_hash_map",
        "absl_flat_hash_set", "absl_flags", "absl_flags_parse", "absl_flags_usage", "absl_synchronization", "absl_span",
        "absl_str_format", "absl_cord", "absl_random_random", "absl_inlined_vector", "absl_btree", "absl_civil_time",
        "absl_function_ref",
    ],
    "grpc": ["grpc++"],
    "grpc_reflection": ["-lgrpc++_reflection"],
    "protobuf": ["protobuf"],
    "rocksdb": ["-l:librocksdb.a", "-lsnappy", "-llz4", "-lzstd", "-lbz2", "-lz", "-lpthread", "-ldl"],
    "rdkafka": ["rdkafka"],
    "yaml": ["yaml-cpp"],
    "crypto": ["libcrypto"],
    "p11_kit": ["p11-kit-1"],
    "jemalloc": ["-l:libjemalloc.a", "-lpthread", "-ldl", "-lm"],
    "utf8proc": ["libutf8proc"],
    "prometheus": ["-lprometheus-cpp-pull", "-lprometheus-cpp-core", "-lz"],
    "spdlog": ["spdlog"],
    "civetweb": ["-lcivetweb"],
    "cairo_pango": ["pangocairo", "pangoft2", "cairo", "harfbuzz", "fontconfig"],
    "qrencode": ["libqrencode"],
    "jpeg": ["-ljpeg"],
    "exif": ["-lexif"],
    "curl": ["-lcurl"],
    "gtest": ["gmock", "gtest"],
    "gtest_main": ["gmock_main"],
    "rapidcheck": ["-lrapidcheck"],
    "benchmark": ["benchmark"],
}

def _flags(ctx, words, kind):
    flags = []
    for word in words:
        if word.startswith("-"):
            flags.append(word)
            continue
        result = ctx.execute(["pkg-config", kind, word])
        if result.return_code != 0:
            fail("%s is missing: run deploy/install (%s)" % (word, result.stderr))
        flags.extend([flag for flag in result.stdout.strip().split(" ") if flag and flag not in flags])
    return flags

def _include_folders(ctx, name, words):
    """Links to the folders of headers that are not /usr/include itself: Bazel takes no other absolute paths."""
    links = []
    for flag in _flags(ctx, [word for word in words if not word.startswith("-")], "--cflags-only-I"):
        link = "%s_include_%d" % (name, len(links))
        ctx.symlink(flag[len("-I"):], link)
        links.append(link)
    return links

def _system_libraries_impl(ctx):
    rules = ['package(default_visibility = ["//visibility:public"])']
    for name, words in _LIBRARIES.items():
        links = _include_folders(ctx, name, words)
        attributes = ['name = "%s"' % name, "linkopts = " + repr(_flags(ctx, words, "--libs"))]
        if links:
            patterns = [link + "/**/*.h" for link in links]
            attributes += ["hdrs = glob(%s)" % repr(patterns), "includes = " + repr(links)]
        rules.append("cc_library(%s)" % ", ".join(attributes))
    ctx.file("BUILD.bazel", "\n".join(rules))

system_libraries = repository_rule(implementation = _system_libraries_impl, local = True)

_GOOGLE_PROTOS = ["google/rpc/status", "google/rpc/code", "google/rpc/error_details", "google/api/field_behavior"]
_PYTHON_PACKAGES = "/opt/mynumber/python/lib/python3.11/site-packages"

def _google_protos_impl(ctx):
    for proto in _GOOGLE_PROTOS:
        ctx.symlink("%s/%s.proto" % (_PYTHON_PACKAGES, proto), proto + ".proto")
    headers = [proto + ".pb.h" for proto in _GOOGLE_PROTOS]
    sources = [proto + ".pb.cc" for proto in _GOOGLE_PROTOS]
    protos = [proto + ".proto" for proto in _GOOGLE_PROTOS]
    ctx.file("BUILD.bazel", """
package(default_visibility = ["//visibility:public"])
filegroup(name = "google_sources", srcs = {protos})
genrule(
    name = "generate",
    srcs = {protos},
    outs = {outs},
    cmd = "/usr/bin/protoc -Iexternal/google_protos -I/usr/include --cpp_out=$(GENDIR)/external/google_protos $(SRCS)",
)
cc_library(
    name = "google",
    srcs = {sources},
    hdrs = {headers},
    copts = ["-w"],
    includes = ["."],
    deps = ["@system//:protobuf"],
)
""".format(protos = repr(protos), outs = repr(headers + sources), sources = repr(sources), headers = repr(headers)))

google_protos = repository_rule(implementation = _google_protos_impl, local = True)
