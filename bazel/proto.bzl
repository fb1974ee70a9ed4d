"""C++ of a proto package, made by Debian's protoc and gRPC plugin."""

def _outputs(sources, suffixes):
    return [source[:-len(".proto")] + suffix for source in sources for suffix in suffixes]

def _sources(dep):
    # "//protos/a/b" names the target "b" in it.
    return (dep if ":" in dep else dep + ":" + dep.split("/")[-1]) + "_sources"

def mynumber_proto(name, srcs, deps = [], grpc = False, testonly = False, visibility = ["//visibility:public"]):
    """One cc_library from proto files.

    Args:
      name: the library; `<name>_sources` is the filegroup of the .proto files of it and its deps.
      srcs: .proto files of this package, imported as "mynumber/...".
      deps: other mynumber_proto targets that srcs import.
      grpc: whether to make services too.
      testonly: whether only tests may depend on it.
      visibility: of both targets.
    """
    native.filegroup(
        name = name + "_sources",
        srcs = srcs + [_sources(dep) for dep in deps],
        testonly = testonly,
        visibility = visibility,
    )
    suffixes = [".pb.h", ".pb.cc"] + ([".grpc.pb.h", ".grpc.pb.cc"] if grpc else [])
    outs = _outputs(srcs, suffixes)
    plugin = "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin --grpc_out=$(GENDIR)/protos" if grpc else ""
    native.genrule(
        name = name + "_generate",
        srcs = srcs + [_sources(dep) for dep in deps],
        outs = outs,
        testonly = testonly,
        cmd = " ".join(
            ["/usr/bin/protoc -Iprotos -Iexternal/google_protos -I/usr/include --cpp_out=$(GENDIR)/protos", plugin] +
            ["$(location %s)" % src for src in srcs],
        ),
    )
    native.cc_library(
        name = name,
        srcs = [out for out in outs if out.endswith(".cc")],
        hdrs = [out for out in outs if out.endswith(".h")],
        strip_include_prefix = "/protos",
        copts = ["-w"],
        testonly = testonly,
        visibility = visibility,
        deps = deps + ["@system//:protobuf"] + (["@system//:grpc"] if grpc else []),
    )
