import os
import signal
import subprocess
import sys

import boto3


def test_the_printed_variables_point_a_program_at_the_running_aws() -> None:
    command = [sys.executable, "-m", "local_aws", "--region", "eu-west-1", "--account", "111122223333"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        variables = {}
        for line in server.stdout:
            if line.startswith("#"):
                break
            name, _, value = line.removeprefix("export ").strip().partition("=")
            variables[name] = value
        try:
            sts = boto3.Session().client(
                "sts",
                endpoint_url=variables["AWS_ENDPOINT_URL"],
                region_name=variables["AWS_REGION"],
                aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=variables["AWS_SESSION_TOKEN"],
            )
            assert sts.get_caller_identity()["Account"] == "111122223333"
            assert variables["TF_IN_AUTOMATION"] == "1"
            assert os.path.devnull in variables["AWS_CONFIG_FILE"]
        finally:
            server.send_signal(signal.SIGINT)
        assert "stopped" in server.stdout.read()
    assert server.returncode == 0
