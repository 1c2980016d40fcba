#!/usr/bin/env python3
"""image.py ARCHIVE [PROGRAM]: the images of the real node's pods, as an OCI archive.

One holds busybox and the Python of this machine with the libraries that they are linked to, and PROGRAM with its own, so
nothing is downloaded and everything fits together. Its names are hearth.test/python:1, hearth.test/agent:1 and
hearth.test/pause:1, where the last one only sleeps: it holds a pod's namespaces. A PROGRAM that is static is
hearth.test/agent:1 alone, with nothing beside it, as deploy/agent/Containerfile makes it.
"""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile

AGENT = "hearth.test/agent:1"
NAMES = {"hearth.test/python:1": None, AGENT: None, "hearth.test/pause:1": ["sleep", "2147483647"]}
APPLETS = "sh ls cat cp env sleep echo mkdir rm id ps wget tar true false hostname kill tail head grep sed date uname chmod"
# Large, and no test imports them.
LEFT_OUT = {"__pycache__", "test", "tests", "idlelib", "tkinter", "ensurepip", "lib2to3", "dist-packages", "site-packages"}


def main(archive, program=None):
    layer = Layer()
    layer.file("/bin/busybox", find("busybox"))
    for applet in APPLETS.split():
        layer.link(f"/bin/{applet}", "busybox")
    interpreter = os.path.realpath("/usr/bin/python3")
    layer.program(interpreter)
    layer.link("/usr/bin/python3", os.path.basename(interpreter))
    layer.folder(sysconfig.get_path("stdlib", vars={"installed_base": "/usr", "base": "/usr"}))
    alone = {}
    if program and libraries(program):
        layer.program(program, f"/{os.path.basename(program)}")
    elif program:
        agent = Layer()
        agent.file(f"/{os.path.basename(program)}", program)
        alone[AGENT] = agent.close()
    layer.text("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")
    layer.text("/etc/group", "root:x:0:\nnogroup:x:65534:\n")
    for name, mode in {"/tmp": 0o1777, "/var/tmp": 0o1777, "/root": 0o700, "/run": 0o755}.items():
        layer.empty(name, mode)
    write(archive, layer.close(), alone)


def find(name):
    for folder in os.environ["PATH"].split(":"):
        if os.path.isfile(path := os.path.join(folder, name)):
            return path
    sys.exit(f"image.py: {name} is not installed")


def libraries(program):
    """The libraries and the loader that a program names; none when it is static."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return re.findall(r"(/\S+) \(0x", said)


class Layer:
    """One tar of a root file system, always the same for the same files."""

    def __init__(self):
        self.buffer = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.buffer, mode="w", format=tarfile.GNU_FORMAT)
        self.names = set()

    def close(self):
        self.tar.close()
        return self.buffer.getvalue()

    def add(self, name, kind, mode, content=b"", target=""):
        name = name.lstrip("/")
        if name in self.names:
            return
        self.names.add(name)
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(content), target
        self.tar.addfile(entry, io.BytesIO(content))

    def empty(self, name, mode):
        self.add(name, tarfile.DIRTYPE, mode)

    def text(self, name, text):
        self.add(name, tarfile.REGTYPE, 0o644, text.encode())

    def link(self, name, target):
        self.add(name, tarfile.SYMTYPE, 0o777, target=target)

    def file(self, name, source):
        with open(source, "rb") as content:
            self.add(name, tarfile.REGTYPE, os.stat(source).st_mode & 0o755, content.read())

    def program(self, source, name=None):
        """A program with the libraries and the loader that it names, each at its own path."""
        self.file(name or source, source)
        for library in libraries(source):
            self.file(library, os.path.realpath(library))

    def folder(self, folder):
        for place, folders, files in os.walk(folder):
            folders[:] = sorted(set(folders) - LEFT_OUT)
            for name in sorted(files):
                path = os.path.join(place, name)
                if name.endswith(".so"):
                    self.program(path)
                elif os.path.isfile(path) and not name.endswith(".a"):
                    self.file(path, path)


def write(archive, layer, alone):
    """The archive: every blob by its hash, and an index with the names. `alone`: layers of names that have their own."""
    blobs = {}

    def blob(kind, content):
        if not isinstance(content, bytes):
            content = json.dumps(content, sort_keys=True).encode()
        digest = hashlib.sha256(content).hexdigest()
        blobs[digest] = content
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(content)}

    manifests = []
    for name, entrypoint in NAMES.items():
        system = blob("layer.v1.tar", alone.get(name, layer))
        settings = {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"]} | ({"Entrypoint": entrypoint} if entrypoint else {})
        image = {"architecture": "amd64" if os.uname().machine == "x86_64" else "arm64", "os": "linux", "config": settings}
        image["rootfs"] = {"type": "layers", "diff_ids": [system["digest"]]}
        manifest = {"schemaVersion": 2, "config": blob("config.v1+json", image), "layers": [system]}
        manifest["mediaType"] = "application/vnd.oci.image.manifest.v1+json"
        names = {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name.rsplit(":", 1)[1]}
        manifests.append(blob("manifest.v1+json", manifest) | {"annotations": names})
    with tarfile.open(archive, "w") as tar:
        files = {f"blobs/sha256/{digest}": content for digest, content in blobs.items()}
        files["oci-layout"] = json.dumps({"imageLayoutVersion": "1.0.0"}).encode()
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


if __name__ == "__main__":
    main(*sys.argv[1:])
