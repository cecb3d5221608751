import os
import sys

import boto3
import pytest
from moto import mock_aws

os.environ |= {"TABLE": "meals", "TRAIL": "trail", "CHARGES": "q", "AWS_DEFAULT_REGION": "eu-north-1", "POWERTOOLS_TRACE_DISABLED": "1", "POWERTOOLS_METRICS_NAMESPACE": "T", "APPCONFIG_ENVIRONMENT": "test", "PAY_URL": "http://localhost:1", "PAY_KEY": "none", "POOL": "p"}
sys.path += ["shared"]
CHILD = "00000000-0000-0000-0000-000000000001"


def call(method="GET", path="/", body=None, children=f"{CHILD}:north", **parameters):
    return {"rawPath": path, "headers": {"x-request-id": "r-1"}, "body": body, "pathParameters": parameters, "requestContext": {"time": "now", "http": {"method": method, "sourceIp": "127.0.0.1"}, "authorizer": {"jwt": {"claims": {"sub": "p1", "custom:children": children}}}}}


@pytest.fixture
def cloud():
    with mock_aws():
        boto3.client("dynamodb").create_table(TableName="meals", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}], AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}])
        boto3.client("s3").create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        os.environ["CHARGES"] = boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]
        yield
