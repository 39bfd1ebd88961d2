"""Everything that is measured needs: a folder, a root file system, a daemon of our own and the peers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from runners import Failure, Runner, enter_peers

HOME = Path(__file__).resolve().parent.parent
PROGRAMS = Path(os.environ.get("SKIFF_BIN", HOME / ".build/release"))
PEERS = Path(os.environ.get("PEERS_ROOT", "/var/cache/peers"))
IMAGE = "skiff-bench"
BIG_IMAGE = "skiff-bench-big"
CGROUP = "skiff-bench"
# About what a language's base image has: libraries, small files, links.
BIG_IMAGE_BYTES = 130 << 20
LAYERS = 3


def quietly(*words, **options):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, **options).stdout


class Stage:
    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="skiff-bench-", dir="/var/tmp"))
        # What belongs to one boot is in memory, as /run is on users' machines: of ours and of crun.
        self.volatile = Path(tempfile.mkdtemp(prefix="skiff-bench-", dir="/dev/shm"))
        os.environ["BENCH_LOG"] = str(self.folder / "commands.log")
        self.socket = f"unix://{self.folder}/s"
        self.skiff = [str(PROGRAMS / "skiff"), "-H", self.socket]
        docker_host = quietly(HOME / "scripts/peers", "up").strip()
        self.docker = ["docker", "-H", docker_host]
        self.host = Runner()
        self.peers = Runner(lambda: enter_peers(PEERS / "forky"))
        self.crun = ["crun", "--root", str(self.volatile / "crun")]
        self.daemon = None
        try:
            self._make_root()
            self._start_daemon()
            self._import()
        except BaseException:
            self.__exit__()
            raise
        return self

    # What is there to be measured

    def _make_root(self):
        """The root file system of all sides: Debian's busybox."""
        quietly("sh", HOME / "scripts/busybox-bundle", self.folder / "busybox", "true")
        self.root = self.folder / "busybox/rootfs"
        self.root_archive = self.folder / "root.tar"
        with tarfile.open(self.root_archive, "w") as archive:
            archive.add(self.root, ".")

    def bundle(self, name, *arguments):
        """A bundle for crun: the root, and the configuration that our launch plan makes of `arguments`."""
        folder = self.folder / "bundles" / name
        folder.mkdir(parents=True)
        config = json.loads((HOME / "Benchmarks/config.json").read_text())
        config["root"]["path"] = str(self.root)
        config["process"]["args"] = list(arguments)
        config["linux"]["cgroupsPath"] = f"/{CGROUP}/{name}"
        for mount in config["mounts"]:
            if mount["type"] == "bind":
                source = folder / Path(mount["source"]).name
                source.write_text("")
                mount["source"] = str(source)
        (folder / "config.json").write_text(json.dumps(config))
        return str(folder)

    def big_image(self):
        """An image like `docker save` writes them, and the archives of its layers, of files that the peers have."""
        sources = [
            path for top in ("usr/lib", "usr/share") for path in sorted((PEERS / "forky" / top).rglob("*"))
            if path.is_symlink() or path.is_file()
        ]
        layers, taken = [], 0
        for number in range(LAYERS):
            layers.append(self.folder / f"layer-{number}.tar")
            with tarfile.open(layers[-1], "w") as archive:
                while sources and taken < BIG_IMAGE_BYTES * (number + 1) // LAYERS:
                    path = sources.pop(0)
                    taken += path.lstat().st_size
                    archive.add(path, str(path.relative_to(PEERS / "forky")))
        archive = self.folder / "big.tar"
        self._save_docker_archive(archive, layers)
        return archive, layers

    def _save_docker_archive(self, archive, layers):
        diff_ids = [f"sha256:{quietly('sha256sum', layer).split()[0]}" for layer in layers]
        config = {
            "architecture": "amd64", "os": "linux", "config": {"Cmd": ["true"]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": [{"created_by": "bench"} for _ in layers],
        }
        manifest = [{"Config": "config.json", "RepoTags": [f"{BIG_IMAGE}:latest"], "Layers": [x.name for x in layers]}]
        with tarfile.open(archive, "w") as image:
            for name, document in (("config.json", config), ("manifest.json", manifest)):
                (self.folder / name).write_text(json.dumps(document))
                image.add(self.folder / name, name)
            for layer in layers:
                image.add(layer, layer.name)

    # Our daemon

    def _start_daemon(self):
        log = open(self.folder / "skiffd.log", "w")
        self.daemon = subprocess.Popen(
            [PROGRAMS / "skiffd", "--data-root", self.folder / "data", "--exec-root", self.volatile,
             "-H", self.socket],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 20
        while time.monotonic() < end and self.daemon.poll() is None:
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(f"{self.folder}/s")
                return
            except OSError:
                time.sleep(0.02)
        raise Failure(f"skiffd does not answer: {(self.folder / 'skiffd.log').read_text()}")

    def _import(self):
        quietly(*self.skiff, "import", self.root_archive, IMAGE)
        quietly(*self.docker, "import", self.root_archive, IMAGE)

    def container_pid(self, name):
        return int(quietly(*self.skiff, "inspect", "--format", "{{.State.Pid}}", name))

    # The end

    def __exit__(self, *_):
        for runner in (self.host, self.peers):
            runner.close()
        subprocess.run([*self.docker, "rmi", "-f", IMAGE, BIG_IMAGE], capture_output=True)
        if self.daemon:
            left = subprocess.run([*self.skiff, "ps", "-aq"], capture_output=True, text=True).stdout.split()
            if left:
                subprocess.run([*self.skiff, "rm", "-f", *left], capture_output=True)
            self.daemon.send_signal(signal.SIGTERM)
            try:
                self.daemon.wait(10)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                self.daemon.wait()
        instance = self.folder / "data/instance"
        names = [CGROUP] + ([f"skiff-{instance.read_text()[:8]}"] if instance.exists() else [])
        for name in names:
            for folder in Path("/sys/fs/cgroup").glob(f"*/{name}"):
                for below in folder.glob("*/"):
                    below.rmdir()
                folder.rmdir()
        shutil.rmtree(self.folder)
        shutil.rmtree(self.volatile)
