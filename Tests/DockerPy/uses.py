"""What programs do with docker-py 7.1, against the engine at DOCKER_HOST: each function is one fact.

  DOCKER_HOST=unix://SOCKET scripts/peers python Tests/DockerPy/uses.py [NAME…]

It runs against a real Docker too, which is how it was written. All that it makes is named docker-py-*.
"""

import io, socket, sys, tarfile, threading, traceback

import docker
from docker.errors import APIError, ContainerError, ImageLoadError, ImageNotFound, NotFound

client = docker.from_env(timeout=60)
IMAGE = "docker-py-image:1"


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def root():
    """A root file system of Debian's static busybox."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for folder in ["bin", "etc", "tmp", "proc", "sys", "dev"]:
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)
        archive.add("/bin/busybox", "bin/busybox")
        for applet in "sh cat true false sleep echo env seq id".split():
            entry = tarfile.TarInfo(f"bin/{applet}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(entry)
    return out.getvalue()


def raises(kind, call, status=None):
    try:
        call()
    except kind as error:
        assert status is None or error.status_code == status, error
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def sleeping(name, **options):
    return client.containers.run(IMAGE, ["sleep", "1000"], name=f"docker-py-{name}", detach=True, network_mode="none", **options)


def ping_version_info():
    assert client.ping() is True
    assert client.version()["ApiVersion"] == "1.51"
    assert client.api._version == "1.51", client.api._version
    assert client.info()["OSType"] == "linux"
    assert "LayersSize" in client.df()


def run_answers_output():
    assert client.containers.run(IMAGE, "echo hello", remove=True, network_mode="none") == b"hello\n"
    assert client.containers.run(IMAGE, ["sh", "-c", "echo out; echo err >&2"], remove=True, stderr=True, stdout=False, network_mode="none") == b"err\n"
    lines = client.containers.run(IMAGE, ["seq", "3"], remove=True, stream=True, network_mode="none")
    assert b"".join(lines) == b"1\n2\n3\n"
    environment = client.containers.run(IMAGE, "env", environment={"A": "b"}, working_dir="/tmp", hostname="box", remove=True, network_mode="none")
    assert b"A=b\n" in environment and b"HOSTNAME=box\n" in environment
    assert client.containers.run(IMAGE, "id -u", user=5, remove=True, network_mode="none") == b"5\n"


def run_raises_what_failed():
    error = raises(ContainerError, lambda: client.containers.run(IMAGE, ["sh", "-c", "echo why >&2; exit 3"], remove=True, network_mode="none"))
    assert error.exit_status == 3 and error.stderr == b"why\n", error
    error = raises(APIError, lambda: client.containers.run(IMAGE, "nope", remove=True, network_mode="none"), 400)
    assert "executable file not found" in error.explanation, error.explanation
    raises(APIError, lambda: client.containers.create(IMAGE, "true", mem_limit=1024), 400)


def life():
    container = sleeping("life", labels={"colour": "red"}, stop_signal="SIGKILL", mem_limit="64m")
    assert container.status == "created"
    container.reload()
    assert container.status == "running" and container.name == "docker-py-life"
    assert container.attrs["HostConfig"]["Memory"] == 64 << 20
    assert container.labels == {"colour": "red"} and container.image.tags == [IMAGE]
    assert [found.name for found in client.containers.list(filters={"label": "colour=red"})] == ["docker-py-life"]
    container.pause()
    container.reload()
    assert container.status == "paused"
    container.unpause()
    container.restart(timeout=1)
    container.stop(timeout=1)
    container.reload()
    assert container.status == "exited"
    assert container.wait()["StatusCode"] == 137
    container.start()
    container.kill()
    container.wait()
    container.remove()
    raises(NotFound, container.reload, 404)
    raises(NotFound, lambda: client.containers.get("docker-py-life"))


def conflicts():
    container = sleeping("conflict")
    raises(APIError, lambda: client.containers.create(IMAGE, "true", name="docker-py-conflict"), 409)
    raises(APIError, container.remove, 409)
    raises(APIError, container.unpause, 500)
    container.remove(force=True)


def wait_for_the_next_exit():
    container = client.containers.create(IMAGE, ["sh", "-c", "exit 4"], name="docker-py-wait", network_mode="none")
    container.start()
    assert container.wait(timeout=30)["StatusCode"] == 4
    container.remove()


def logs():
    container = client.containers.run(IMAGE, ["sh", "-c", "echo one; echo two; echo three >&2"], name="docker-py-logs", detach=True, network_mode="none")
    container.wait()
    assert container.logs(stderr=False) == b"one\ntwo\n"
    assert container.logs(stdout=False) == b"three\n"
    assert container.logs(tail=1) in (b"two\n", b"three\n")
    assert b"".join(container.logs(stream=True, follow=True, stderr=False)) == b"one\ntwo\n"
    assert len(container.logs(timestamps=True, stderr=False).split()[0]) == 30
    container.remove()


def logs_follow_a_terminal():
    container = client.containers.run(IMAGE, ["sh", "-c", "echo one; echo two"], name="docker-py-tty", tty=True, detach=True, network_mode="none")
    assert b"".join(container.logs(stream=True)) == b"one\r\ntwo\r\n"
    container.remove(force=True)


def attach():
    container = client.containers.create(IMAGE, "cat", name="docker-py-attach", stdin_open=True, network_mode="none")
    connection = container.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    container.start()
    raw = connection._sock
    raw.sendall(b"typed\n")
    raw.shutdown(socket.SHUT_WR)
    received = b""
    while piece := raw.recv(4096):
        received += piece
    assert received == b"\x01\0\0\0\0\0\0\x06typed\n", received
    connection.close()
    container.remove(force=True)
    container = client.containers.create(IMAGE, ["sh", "-c", "echo out; echo err >&2"], name="docker-py-attach", network_mode="none")
    output = container.attach(stream=True, demux=True)
    container.start()
    texts = list(output)
    assert b"".join(out for out, _ in texts if out) == b"out\n" and b"".join(err for _, err in texts if err) == b"err\n", texts
    container.remove()


def attach_to_what_was_written():
    container = client.containers.run(IMAGE, ["sh", "-c", "echo out; echo err >&2"], name="docker-py-attach", detach=True, network_mode="none")
    container.wait()
    assert container.attach(stdout=True, stderr=False, logs=True) == b"out\n"
    container.remove()


def exec_run():
    container = sleeping("exec")
    assert container.exec_run("echo hello") == (0, b"hello\n")
    assert container.exec_run(["sh", "-c", "echo out; echo err >&2; exit 5"], demux=True) == (5, (b"out\n", b"err\n"))
    assert container.exec_run("env", environment=["A=b"], user="5", workdir="/tmp").output.count(b"A=b\n") == 1
    assert b"".join(container.exec_run(["seq", "3"], stream=True).output) == b"1\n2\n3\n"
    assert container.exec_run("true", tty=True).exit_code == 0
    assert container.exec_run("nope").exit_code == 127
    assert container.exec_run("sleep 0", detach=True).output == ""
    connection = container.exec_run("cat", stdin=True, socket=True).output
    connection._sock.sendall(b"x")
    connection._sock.shutdown(socket.SHUT_WR)
    assert connection._sock.recv(4096) == b"\x01\0\0\0\0\0\0\x01x"
    connection.close()
    container.remove(force=True)


def archives():
    container = sleeping("archive")
    assert container.put_archive("/tmp", tar({"a": b"hello"}))
    pieces, about = container.get_archive("/tmp/a")
    assert (about["name"], about["size"]) == ("a", 5), about
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as archive:
        assert archive.extractfile("a").read() == b"hello"
    raises(NotFound, lambda: container.get_archive("/none"))
    assert {"Path": "/tmp/a", "Kind": 1} in container.diff(), container.diff()
    container.remove(force=True)


def top_and_stats():
    container = sleeping("top")
    processes = container.top()
    assert processes["Titles"][:2] == ["UID", "PID"] and processes["Processes"][0][-1] == "sleep 1000", processes
    assert container.stats(stream=False)["pids_stats"]["current"] == 1
    stream = container.stats(decode=True)
    assert next(stream)["name"] == "/docker-py-top"
    container.remove(force=True)


def rename_update_prune():
    container = client.containers.create(IMAGE, "true", name="docker-py-before", labels={"docker-py": ""}, network_mode="none")
    container.rename("docker-py-after")
    assert client.containers.get("docker-py-after").id == container.id
    container.update(mem_limit="32m", memswap_limit="64m")
    container.reload()
    assert container.attrs["HostConfig"]["Memory"] == 32 << 20
    assert client.containers.prune(filters={"label": "docker-py"})["ContainersDeleted"] == [container.id]


def events():
    heard, begun = [], threading.Event()
    stream = client.events(decode=True, filters={"container": "docker-py-events"})

    def listen():
        begun.set()
        for event in stream:
            heard.append(event["Action"])
            if event["Action"] == "destroy":
                return

    listener = threading.Thread(target=listen)
    listener.start()
    begun.wait()
    container = client.containers.create(IMAGE, "true", name="docker-py-events", network_mode="none")
    container.start()
    container.wait()
    container.remove()
    listener.join(30)
    assert heard == ["create", "start", "die", "destroy"], heard
    stream.close()


def volumes():
    volume = client.volumes.create("docker-py-volume", labels={"a": "b"})
    assert client.volumes.get("docker-py-volume").attrs["Labels"] == {"a": "b"}
    assert [found.name for found in client.volumes.list(filters={"name": "docker-py-volume"})] == ["docker-py-volume"]
    mounts = {"docker-py-volume": {"bind": "/v", "mode": "rw"}}
    client.containers.run(IMAGE, ["sh", "-c", "echo kept > /v/file"], volumes=mounts, remove=True, network_mode="none")
    assert client.containers.run(IMAGE, "cat /v/file", volumes=mounts, remove=True, network_mode="none") == b"kept\n"
    container = sleeping("volume", volumes=mounts, mounts=[docker.types.Mount("/t", None, type="tmpfs")])
    raises(APIError, volume.remove, 409)
    container.remove(force=True)
    volume.remove()
    raises(NotFound, lambda: client.volumes.get("docker-py-volume"))


def images():
    image = client.images.get(IMAGE)
    assert image.tag("docker-py-other", tag="x")
    saved = b"".join(client.images.get("docker-py-other:x").save(named="docker-py-other:x"))
    client.images.remove("docker-py-other:x")
    raises(ImageNotFound, lambda: client.images.get("docker-py-other:x"))
    assert [loaded.id for loaded in client.images.load(saved)] == [image.id]
    assert client.images.get("docker-py-other:x").history()[0]["Id"] == image.id
    assert "docker-py-other:x" in client.images.list(name="docker-py-other")[0].tags
    client.images.remove("docker-py-other:x")
    raises(ImageNotFound, lambda: client.containers.create("docker-py-none"), 404)
    raises(APIError, lambda: client.images.get("SHOUTED"), 400)
    raises(ImageLoadError, lambda: client.images.load(b"no archive"))


FACTS = [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == __name__
         and value not in (tar, root, raises, sleeping)]


def clean():
    for container in client.containers.list(all=True):
        if container.name.startswith("docker-py-"):
            container.remove(force=True, v=True)
    for volume in client.volumes.list(filters={"name": "docker-py-"}):
        volume.remove(force=True)
    for image in client.images.list():
        for tag in image.tags:
            if tag.startswith("docker-py-"):
                client.images.remove(tag, force=True)


def main(names):
    failures = 0
    clean()
    try:
        client.api.import_image_from_data(root(), repository="docker-py-image", tag="1")
        for fact in FACTS:
            if names and fact.__name__ not in names:
                continue
            try:
                fact()
                print(f"{fact.__name__}: holds")
            except Exception:
                failures += 1
                print(f"{fact.__name__}: {traceback.format_exc()}")
    finally:
        clean()
    return 1 if failures else 0


sys.exit(main(sys.argv[1:]))
