"""Starts LocalStack, whose functions run under AWS's emulator, in place of docker."""

import io
import itertools
import json
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from localstack.runtime.main import main
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.lambda_.invocation.lambda_models import InvocationResult

EMULATOR = os.environ["EMULATOR"]
# The programs of the other architecture need it: {"arm64": "/usr/bin/qemu-aarch64-static"}.
QEMU = json.loads(os.environ["QEMU"])
# The field `e_machine` of ELF files, little-endian.
MACHINES = {"x86_64": b"\x3e\x00", "arm64": b"\xb7\x00"}
INVOKE = "2015-03-31/functions/function/invocations"
PATIENCE = 60  # seconds, for the start and for every answer
VARIABLES = [f"AWS_LAMBDA_FUNCTION_{name}" for name in ("NAME", "VERSION", "TIMEOUT", "MEMORY_SIZE")]

hosts = (f"127.1.{number >> 8}.{number & 255}" for number in itertools.count(1))


def unpack(code, folder):
    """Unpacks with the permissions that Lambda's user has: LocalStack would make
    everything executable."""
    archive = io.BytesIO()
    code._download_archive_to_file(archive)
    with zipfile.ZipFile(archive) as archive:
        for entry in archive.infolist():
            path = archive.extract(entry, folder)
            if not entry.is_dir():
                os.chmod(path, (entry.external_attr >> 16 & 0o007) * 0o111)


def adapt(program, root, architecture):
    """Makes a program for another machine unrunnable, which this kernel may be able to run.
    One for the right machine is emulated, if that is not this one."""
    with open(program, "rb") as file:
        head = file.read(20)
    if head[:4] == b"\x7fELF" and head[18:] != MACHINES[architecture]:
        mode = stat.S_IMODE(program.stat().st_mode)
        program.chmod(0o600)
        with open(program, "r+b") as file:
            file.seek(18)
            file.write(bytes(2))
        program.chmod(mode)
    elif architecture in QEMU:
        emulate(program, root)


def emulate(program, root):
    """Puts a script where the program is, which starts it with QEMU."""
    mode = stat.S_IMODE(program.stat().st_mode)
    foreign = root / "foreign" / program.relative_to(root)
    foreign.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(program, foreign)
    foreign.chmod(0o755)
    program.write_text(f"#!/qemu /{foreign.relative_to(root)}\n")
    program.chmod(mode)


class Emulator(runtime_executor.RuntimeExecutor):
    """One execution environment of a function."""

    def start(self, env_vars):
        config = self.function_version.config
        self.root = Path(tempfile.mkdtemp())
        self.host = next(hosts)
        for folder in ("task", "opt", "foreign"):
            (self.root / folder).mkdir()
        unpack(config.code, self.root / "task")
        for layer in config.layers:
            unpack(layer.code, self.root / "opt")
        architecture = config.architectures[0]
        qemu = QEMU.get(architecture)
        for program in (self.root / "task/bootstrap", *(self.root / "opt/extensions").glob("*")):
            if program.exists():
                adapt(program, self.root, architecture)
        variables = {name: env_vars[name] for name in VARIABLES} | (config.environment or {})
        with open(self.root / "log", "wb") as log:
            self.process = subprocess.Popen(
                [
                    *("bwrap", "--unshare-user", "--unshare-pid", "--die-with-parent"),
                    *("--clearenv", "--dev", "/dev", "--tmpfs", "/tmp"),
                    *("--ro-bind", self.root / "task", "/var/task"),
                    *("--ro-bind", self.root / "opt", "/opt"),
                    *("--ro-bind", self.root / "foreign", "/foreign"),
                    *(("--ro-bind", qemu, "/qemu") if qemu else ()),
                    *("--ro-bind", EMULATOR, "/emulator", "--remount-ro", "/", "--chdir", "/var/task"),
                    *("--setenv", "LAMBDA_TASK_ROOT", "/var/task"),
                    *(word for pair in variables.items() for word in ("--setenv", *map(str, pair))),
                    *("--", "/emulator"),
                    *("--runtime-interface-emulator-address", f"{self.host}:8080"),
                    *("--runtime-api-address", f"{self.host}:9001"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection((self.host, 8080)).close()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise Exception(f"the emulator does not listen: {self.get_logs()}")
                time.sleep(0.02)

    def invoke(self, payload):
        url = f"http://{self.host}:8080/{INVOKE}"
        try:
            answer = urllib.request.urlopen(url, payload["payload"].encode(), PATIENCE)
        except urllib.error.HTTPError as error:
            # The function did not start.
            answer = error
        with answer:
            body = answer.read()
        try:
            said = json.loads(body)
        except ValueError:
            said = {"errorType": "no JSON", "errorMessage": self.get_logs()}
            body = body or json.dumps(said).encode()
        is_error = isinstance(said, dict) and "errorType" in said
        return InvocationResult(payload["invoke-id"], body, is_error, self.get_logs())

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def get_logs(self):
        return (self.root / "log").read_text(errors="replace")

    def get_address(self):
        return self.host

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return "http://127.0.0.1"

    @classmethod
    def prepare_version(cls, function_version):
        pass

    @classmethod
    def cleanup_version(cls, function_version):
        pass


# Before LocalStack's Lambda is loaded, which imports it.
runtime_executor.get_runtime_executor = lambda: Emulator
main()
