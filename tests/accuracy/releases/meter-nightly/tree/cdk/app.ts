import { App, Tags } from 'aws-cdk-lib';
import { Meters } from './meters.js';

const app = new App();
const version = app.node.tryGetContext('version') ?? 'none';
for (const [stage, account] of [['test', '000000000041'], ['production', '000000000042']] as const) {
  const stack = new Meters(app, `Meters-${stage}`, { stage, version, env: { account, region: 'eu-west-1' } });
  Tags.of(stack).add('service', 'meter-nightly');
  Tags.of(stack).add('team', 'metering');
  Tags.of(stack).add('stage', stage);
}
