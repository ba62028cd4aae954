import { Construct } from 'constructs';
import type { SwathConfig } from './config.ts';
import { EventsStack } from './stacks/events-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { OrderingStack } from './stacks/ordering-stack.ts';
import { ProcessingStack } from './stacks/processing-stack.ts';
import { StorageStack } from './stacks/storage-stack.ts';

/**
 * All stacks of one stage, in the order they are deployed. It is no `Stage` of the CDK: the stacks of those are not
 * among `cdk deploy --all`.
 */
export class SwathStage extends Construct {
  readonly network: NetworkStack;
  readonly storage: StorageStack;
  readonly events: EventsStack;
  readonly processing: ProcessingStack;
  readonly ordering: OrderingStack;

  constructor(scope: Construct, config: SwathConfig) {
    // What the CDK names by itself, it names by this path.
    super(scope, `${config.name}-${config.stage}`);
    this.network = new NetworkStack(this, { config });
    this.storage = new StorageStack(this, { config, network: this.network });
    const { network, storage } = this;
    this.events = new EventsStack(this, { config, key: storage.key });
    this.processing = new ProcessingStack(this, { config, network, storage });
    const { events, processing } = this;
    this.ordering = new OrderingStack(this, { config, storage, events, processing });
  }
}
