import { Construct } from 'constructs';
import type { SwathConfig } from './config.ts';
import { AnalyticsStack } from './stacks/analytics-stack.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { DeliveryStack } from './stacks/delivery-stack.ts';
import { EventsStack } from './stacks/events-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
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
  /** Only where people sign in to a user pool of our own. */
  readonly identity: IdentityStack | undefined;
  readonly api: ApiStack;
  readonly delivery: DeliveryStack;
  readonly analytics: AnalyticsStack;
  readonly observability: ObservabilityStack;

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
    this.identity = config.auth.oidcIssuer === undefined ? new IdentityStack(this, { config }) : undefined;
    const { ordering, identity } = this;
    this.api = new ApiStack(this, { config, storage, ordering, identity });
    this.delivery = new DeliveryStack(this, { config, api: this.api });
    this.analytics = new AnalyticsStack(this, { config, storage, events });
    const { api, analytics } = this;
    this.observability = new ObservabilityStack(this, {
      config,
      events,
      processing,
      ordering,
      api,
      analytics,
    });
  }
}
