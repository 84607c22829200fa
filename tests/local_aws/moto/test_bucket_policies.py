import json
from collections.abc import Callable
from typing import Any

BUCKET = "states"
TLS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}


def test_a_policy_that_refuses_plain_http_is_kept_and_refuses_nothing_here(
    client: Callable[[str], Any],
) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(TLS_ONLY))
    s3.put_object(Bucket=BUCKET, Key="terraform.tfstate", Body=b"{}")

    assert json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"]) == TLS_ONLY
    assert s3.get_object(Bucket=BUCKET, Key="terraform.tfstate")["Body"].read() == b"{}"
    assert s3.head_object(Bucket=BUCKET, Key="terraform.tfstate")["ContentLength"] == 2
