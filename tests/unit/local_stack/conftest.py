"""A small template, and the emulator where its environment is installed."""

from collections.abc import Iterator
from textwrap import dedent
from typing import Any

import pytest
import yaml

from local_stack.emulator import INTERPRETER, Emulator, client_environment, start_emulator
from local_stack.serverless import Application
from local_stack.template import _Loader

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev}
  Origins: {Type: CommaDelimitedList, Default: "http://a.example, http://b.example"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Globals:
  Function:
    Handler: handler.handler
    Timeout: 29
    MemorySize: 512
    Environment: {Variables: {STAGE: !Ref Stage}}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
      BinaryMediaTypes: ["*~1*"]
      Auth:
        DefaultAuthorizer: Token
        Authorizers:
          Token: {FunctionArn: !GetAtt AuthFunction.Arn, FunctionPayloadType: REQUEST}
      GatewayResponses:
        DEFAULT_4XX:
          ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'*'"}}
          ResponseTemplates: {application/json: '{"error":"default"}'}
        DEFAULT_5XX:
          ResponseTemplates: {application/json: '{"error":"internal"}'}
        MISSING_AUTHENTICATION_TOKEN:
          StatusCode: 404
          ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'*'"}}
          ResponseTemplates: {application/json: '{"error":"no route"}'}
  AuthFunction:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: auth, CodeUri: functions/auth}
  ThingFunction:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Join ["", [thing, !If [IsProd, "", !Sub "-${Stage}"]]]
      CodeUri: functions/thing/
      MemorySize: 1024
      Environment: {Variables: {TABLE: !Ref Table, BUCKET_ARN: !Sub "${Bucket.Arn}/*"}}
      Events:
        Get: {Type: Api, Properties: {Path: "/things/{id}", Method: get}}
        Special: {Type: Api, Properties: {Path: /things/special, Method: GET}}
        Post: {Type: Api, Properties: {Path: /things, Method: POST}}
        Preflight:
          Type: Api
          Properties: {Path: /things, Method: OPTIONS, Auth: {Authorizer: NONE}}
        Open: {Type: Api, Properties: {Path: /open, Method: GET, Auth: {Authorizer: NONE}}}
  SweepFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/sweep
      EventInvokeConfig: {MaximumRetryAttempts: 1}
      Events: {Every: {Type: Schedule, Properties: {Schedule: rate(5 minutes)}}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Queue.Arn
      FunctionName: !Ref SweepFunction
      BatchSize: 5
      FunctionResponseTypes: [ReportBatchItemFailures]
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      CorsConfiguration:
        CorsRules:
          - {AllowedOrigins: !Ref Origins, AllowedMethods: [GET, PUT], ExposedHeaders: [ETag]}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: job_id, AttributeType: S}
        - {AttributeName: owner, AttributeType: S}
        - {AttributeName: created_at, AttributeType: N}
      KeySchema: [{AttributeName: job_id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: by-owner
          KeySchema:
            - {AttributeName: owner, KeyType: HASH}
            - {AttributeName: created_at, KeyType: RANGE}
          Projection: {ProjectionType: ALL}
      TimeToLiveSpecification: {AttributeName: expires_at, Enabled: true}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: outcomes}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: outcomes
      VisibilityTimeout: 1
      RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 2}
  DeadLetters:
    Type: AWS::SQS::Queue
    Properties: {QueueName: outcomes-dead}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: sns.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition: {ArnEquals: {aws:SourceArn: !Ref Topic}}
"""


@pytest.fixture
def document() -> dict[str, Any]:
    """The small template, parsed."""
    parsed: dict[str, Any] = yaml.load(dedent(TEMPLATE), _Loader)
    return parsed


@pytest.fixture
def application(document: dict[str, Any]) -> Application:
    """The small template."""
    return Application(document)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A running emulator."""
    if not INTERPRETER.exists():
        pytest.skip("the emulator's environment is not installed: run `make setup`")
    running = start_emulator(tmp_path_factory.mktemp("emulator"))
    yield running
    running.stop()


@pytest.fixture
def aws(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator, with the environment in which unmodified clients find it."""
    for name, value in client_environment(emulator.endpoint_url).items():
        monkeypatch.setenv(name, value)
    return emulator
