"""`mc` as deploy/store-user.sh calls it, against moto: its commands become calls of S3 and IAM.

MC_HOST_<alias> names a store and a key of it, as for the real one. moto chooses keys by itself: MC_STATE remembers which
stands for the one that was wanted. `mc prepare ADDRESS` makes a root's key, prints it, and has moto ask for keys from then on.
"""

import json
import os
import pathlib
import sys
import urllib.parse
import urllib.request

import boto3
from botocore.exceptions import ClientError

STATE = pathlib.Path(os.environ["MC_STATE"])


def state():
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def client(service, alias):
    url = urllib.parse.urlparse(os.environ[f"MC_HOST_{alias}"])
    key, secret = state().get(url.username, [url.username, urllib.parse.unquote(url.password)])
    return boto3.client(
        service,
        endpoint_url=f"http://{url.hostname}:{url.port}",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        region_name="us-east-1",
    )


def main(words):
    match words:
        case ["mb", "--ignore-existing", place]:
            alias, bucket = place.split("/")
            client("s3", alias).create_bucket(Bucket=bucket)
        case ["ls", place]:
            alias, bucket = place.split("/")
            client("s3", alias).list_objects_v2(Bucket=bucket)
        case ["admin", "policy", "create", alias, name, file]:
            iam, text = client("iam", alias), pathlib.Path(file).read_text()
            json.loads(text)
            try:
                iam.create_policy(PolicyName=name, PolicyDocument=text)
            except iam.exceptions.EntityAlreadyExistsException:
                iam.create_policy_version(PolicyArn=arn(iam, name), PolicyDocument=text, SetAsDefault=True)
        case ["admin", "user", "add", alias, key, _secret]:
            iam = client("iam", alias)
            if key in state():
                return
            iam.create_user(UserName=key)
            made = iam.create_access_key(UserName=key)["AccessKey"]
            STATE.write_text(json.dumps(state() | {key: [made["AccessKeyId"], made["SecretAccessKey"]]}))
        case ["admin", "policy", "attach", alias, name, "--user", key]:
            iam = client("iam", alias)
            attached = iam.list_attached_user_policies(UserName=key)["AttachedPolicies"]
            if any(policy["PolicyName"] == name for policy in attached):
                sys.exit("the policy change is already in effect")
            iam.attach_user_policy(UserName=key, PolicyArn=arn(iam, name))
        case ["prepare", address]:
            anybody = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
            iam = boto3.client("iam", endpoint_url=address, **anybody)
            everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
            iam.create_user(UserName="root")
            made = iam.create_policy(PolicyName="everything", PolicyDocument=json.dumps(everything))
            iam.attach_user_policy(UserName="root", PolicyArn=made["Policy"]["Arn"])
            key = iam.create_access_key(UserName="root")["AccessKey"]
            plain = {"Content-Type": "application/octet-stream"}
            asked = urllib.request.Request(f"{address}/moto-api/reset-auth", data=b"0", method="POST", headers=plain)
            urllib.request.urlopen(asked).close()
            # A secret may hold signs that mean something in an address.
            print(key["AccessKeyId"], urllib.parse.quote(key["SecretAccessKey"], safe=""))
        case _:
            sys.exit(f"not a command of this mc: {words}")


def arn(iam, name):
    return next(policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"] if policy["PolicyName"] == name)


try:
    main(sys.argv[1:])
except ClientError as refused:
    sys.exit(str(refused))
