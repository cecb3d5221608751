import { Duration, RemovalPolicy, Size, Stack, type StackProps, aws_backup as backup, aws_batch as batch, aws_budgets as budgets, aws_cloudwatch as cw, aws_cloudwatch_actions as act, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_events as events, aws_events_targets as targets, aws_iam as iam, aws_kms as kms, aws_logs as logs, aws_rds as rds, aws_s3 as s3, aws_secretsmanager as secrets, aws_sns as sns, aws_sns_subscriptions as subs, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export class Meters extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { stage: string; version: string }) {
    super(scope, id, props);
    const { stage, version } = props;
    const live = stage === 'production';
    const vpc = ec2.Vpc.fromLookup(this, 'Vpc', { vpcName: 'main' });
    const key = new kms.Key(this, 'Key', { enableKeyRotation: true });

    const incoming = new s3.Bucket(this, 'Incoming', { encryptionKey: key, enforceSSL: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, lifecycleRules: [{ expiration: Duration.days(90) }] });
    const warehouse = new s3.Bucket(this, 'Warehouse', { encryptionKey: key, enforceSSL: true, versioned: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, removalPolicy: RemovalPolicy.RETAIN, lifecycleRules: [{ transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(60) }, { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(365) }] }] });

    const db = new rds.DatabaseInstance(this, 'Ledger', {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
      vpc,
      multiAz: !live,
      storageEncrypted: true,
      storageEncryptionKey: key,
      backupRetention: Duration.days(35),
      deletionProtection: true,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      enablePerformanceInsights: true,
      monitoringInterval: Duration.seconds(60),
      parameters: { 'rds.force_ssl': '1', max_connections: '100', log_min_duration_statement: '1000', autovacuum_vacuum_scale_factor: '0.05' },
      cloudwatchLogsExports: ['postgresql'],
    });

    const secret = new secrets.Secret(this, 'Secret', { secretName: `${stage}/meter-nightly`, encryptionKey: key });
    db.addRotationSingleUser({ automaticallyAfter: Duration.days(30) });

    const vault = new backup.BackupVault(this, 'Vault', { encryptionKey: key, backupVaultName: `meters-${stage}` });
    const far = backup.BackupVault.fromBackupVaultArn(this, 'Far', `arn:aws:backup:eu-north-1:${this.account}:backup-vault:meters-${stage}`);
    const plan = new backup.BackupPlan(this, 'Plan', { backupVault: vault });
    plan.addRule(new backup.BackupPlanRule({ ruleName: 'nightly', scheduleExpression: events.Schedule.cron({ hour: '7', minute: '0' }), deleteAfter: Duration.days(60), copyActions: [{ destinationBackupVault: far, deleteAfter: Duration.days(60) }] }));
    plan.addSelection('Ledger', { resources: [backup.BackupResource.fromRdsDatabaseInstance(db)] });

    const group = new logs.LogGroup(this, 'Logs', { logGroupName: `/meters/${stage}`, retention: logs.RetentionDays.ONE_WEEK, encryptionKey: key });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:*', 'kms:*'], resources: ['*'] }));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions: { StringEquals: { 'cloudwatch:namespace': 'Meters' } } }));

    const machines = new batch.ManagedEc2EcsComputeEnvironment(this, 'Machines', { vpc, spot: true, allocationStrategy: batch.AllocationStrategy.SPOT_PRICE_CAPACITY_OPTIMIZED, minvCpus: 0, maxvCpus: 96, useOptimalInstanceClasses: true, replaceComputeEnvironment: false });
    db.connections.allowDefaultPortFrom(machines);
    const queue = new batch.JobQueue(this, 'Queue', { jobQueueName: `meters-${stage}`, computeEnvironments: [{ computeEnvironment: machines, order: 1 }] });
    const job = new batch.EcsJobDefinition(this, 'Job', {
      jobDefinitionName: `meters-${stage}`,
      retryAttempts: 3,
      retryStrategies: [batch.RetryStrategy.of(batch.Action.EXIT, batch.Reason.custom({ onExitCode: '3' })), batch.RetryStrategy.of(batch.Action.RETRY, batch.Reason.SPOT_INSTANCE_RECLAIMED), batch.RetryStrategy.of(batch.Action.RETRY, batch.Reason.NON_ZERO_EXIT_CODE)],
      timeout: Duration.hours(3),
      container: new batch.EcsEc2ContainerDefinition(this, 'Container', {
        image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(this, 'Repo', 'meter-nightly'), version),
        cpu: 8,
        memory: Size.gibibytes(16),
        jobRole: role,
        logging: ecs.LogDriver.awsLogs({ logGroup: group, streamPrefix: 'night' }),
        environment: { FROM: incoming.bucketName, TO: warehouse.bucketName, INVOICES_URL: live ? 'https://api.invoices.example' : 'https://sandbox.invoices.example', OTEL_SERVICE_NAME: 'meter-nightly', OTEL_TRACES_SAMPLER: 'always_on' },
        secrets: { DATABASE_URL: batch.Secret.fromSecretsManager(secret, 'database_url'), INVOICES_KEY: batch.Secret.fromSecretsManager(secret, 'invoices_key') },
      }),
    });

    const run = new tasks.BatchSubmitJob(this, 'Run', { jobName: 'night', jobDefinitionArn: job.jobDefinitionArn, jobQueueArn: queue.jobQueueArn, containerOverrides: { command: ['--day', sfn.JsonPath.stringAt('$.day')] } });
    const night = new sfn.StateMachine(this, 'Night', { definitionBody: sfn.DefinitionBody.fromChainable(run), timeout: Duration.hours(4), tracingEnabled: true, logs: { destination: group, level: sfn.LogLevel.ERROR } });
    new events.Rule(this, 'AtOne', { schedule: events.Schedule.cron({ hour: '1', minute: '0' }), targets: [new targets.SfnStateMachine(night, { input: events.RuleTargetInput.fromObject({ day: events.EventField.fromPath('$.time') }) })] });

    const page = new sns.Topic(this, 'Page');
    page.addSubscription(new subs.UrlSubscription('https://events.pager.example/metering'));
    const note = new sns.Topic(this, 'Note');
    note.addSubscription(new subs.EmailSubscription('metering@grid.example'));
    const ring = (name: string, metric: cw.IMetric, threshold: number, below: boolean, to: sns.ITopic, doc: string) => {
      const alarm = new cw.Alarm(this, name, { metric, threshold, evaluationPeriods: 1, alarmDescription: `doc/nights.md#${doc}`, comparisonOperator: below ? cw.ComparisonOperator.LESS_THAN_THRESHOLD : cw.ComparisonOperator.GREATER_THAN_THRESHOLD, treatMissingData: cw.TreatMissingData.NOT_BREACHING });
      alarm.addAlarmAction(new act.SnsAction(to));
    };
    ring('Failed', night.metricFailed({ period: Duration.minutes(5) }), 0, false, page, 'failed');
    ring('TooLong', new cw.Metric({ namespace: 'Meters', metricName: 'NightSeconds', statistic: 'max', period: Duration.hours(1) }), 6_000, false, page, 'long');
    ring('Few', new cw.Metric({ namespace: 'Meters', metricName: 'MetersInvoiced', statistic: 'max', period: Duration.hours(24) }), 1_800_000, true, page, 'few');
    ring('Aside', new cw.Metric({ namespace: 'Meters', metricName: 'ReadingsAside', statistic: 'sum', period: Duration.hours(24) }), 2_000, false, note, 'aside');
    ring('Disk', db.metricFreeStorageSpace(), 10e9, true, note, 'disk');
    new cw.Dashboard(this, 'Board', { dashboardName: `meters-${stage}`, widgets: [[
      new cw.GraphWidget({ title: 'nights: seconds, meters, aside', left: ['NightSeconds', 'MetersInvoiced', 'ReadingsAside'].map((metricName) => new cw.Metric({ namespace: 'Meters', metricName, statistic: 'max', period: Duration.days(1) })) }),
      new cw.GraphWidget({ title: 'ledger', left: [db.metricDatabaseConnections(), db.metricCPUUtilization(), db.metricFreeStorageSpace()] }),
      new cw.GraphWidget({ title: 'machines', left: ['CpuUtilized', 'MemoryUtilized', 'NetworkRxBytes', 'EphemeralStorageUtilized'].map((metricName) => new cw.Metric({ namespace: 'ECS/ContainerInsights', metricName })) }),
    ]] });
    new budgets.CfnBudget(this, 'Budget', { budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: 1_100, unit: 'USD' }, costFilters: { TagKeyValue: ['user:service$meter-nightly'] } }, notificationsWithSubscribers: [50, 80, 100].map((threshold) => ({ notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold }, subscribers: [{ subscriptionType: 'EMAIL', address: 'metering@grid.example' }] })) });
  }
}
