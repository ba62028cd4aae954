import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks.ts';
import { configOf, readConfigFile } from '../lib/config.ts';
import { SwathStage } from '../lib/stage.ts';

const app = new App();
const file = app.node.tryGetContext('config') ?? 'swath.config.json';
const stage = app.node.tryGetContext('stage') ?? 'dev';
new SwathStage(app, configOf(stage, readConfigFile(String(file))));
addChecks(app);
app.synth();
