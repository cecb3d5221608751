import { App } from 'aws-cdk-lib';
import { Template, Match } from 'aws-cdk-lib/assertions';
import { Meters } from './meters.js';

const template = Template.fromStack(new Meters(new App(), 'T', { stage: 'production', version: 'v', env: { account: '000000000042', region: 'eu-west-1' } }));

test('the ledger is sealed and kept', () => template.hasResourceProperties('AWS::RDS::DBInstance', { StorageEncrypted: true, BackupRetentionPeriod: 35, DeletionProtection: true }));
test('machines are spot and end at 96', () => template.hasResourceProperties('AWS::Batch::ComputeEnvironment', { ComputeResources: Match.objectLike({ Type: 'SPOT', MaxvCpus: 96 }) }));
