"""Runs LocalStack, and puts to it the calls that are read from standard input, each a
line of JSON; its answers are the lines of the output. It ends with the input.

In a call, {"file": NAME} stands for the bytes of a file. A call can also be a command to
run, {"run": [PROGRAM, ARGUMENT...], "in": FOLDER, "variables": {NAME: VALUE}}.
"""

import json
import os
import socket
import subprocess
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HOST, PORT = "127.0.0.1", 4566
PATIENCE = 100  # seconds, for the start and for every answer


def start():
    """Starts it, and waits until it listens."""
    server = subprocess.Popen(
        [sys.executable, "-P", os.path.join(os.path.dirname(__file__), "localstack_functions.py")],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        env=os.environ
        | {
            "GATEWAY_LISTEN": f"{HOST}:{PORT}",
            "SERVICES": "lambda,s3,iam,sts,cloudformation,ssm,ecr,logs",
            # There is nobody to report to, and nothing to download.
            "DISABLE_EVENTS": "1",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DNS_ADDRESS": "0",
        },
    )
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((HOST, PORT)).close()
            return server
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                sys.exit("LocalStack does not listen")
            time.sleep(0.05)


def client(service):
    return boto3.client(
        service,
        endpoint_url=f"http://{HOST}:{PORT}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        # What is refused stays refused.
        config=Config(read_timeout=PATIENCE, retries={"total_max_attempts": 1}),
    )


def contents(item):
    if item.keys() == {"file"}:
        with open(item["file"], "rb") as file:
            return file.read()
    return item


def run(call):
    """Runs a client, which finds AWS here."""
    return subprocess.run(
        call["run"],
        cwd=call["in"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ
        | {
            "AWS_ENDPOINT_URL": f"http://{HOST}:{PORT}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        | call["variables"],
    )


def answer(call):
    if "run" in call:
        done = run(call)
        return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
    try:
        said = getattr(clients[call["service"]], call["operation"])(**call["with"])
        if "Payload" in said:
            said["Payload"] = said["Payload"].read().decode()
        return {"Ok": said}
    except ClientError as error:
        # A failure of LocalStack's own is no answer.
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise
        return {"Err": error.response["Error"]}


server = start()
clients = {service: client(service) for service in ["lambda", "s3"]}
for line in sys.stdin:
    call = json.loads(line, object_hook=contents)
    print(json.dumps(answer(call), default=str), flush=True)
server.kill()
