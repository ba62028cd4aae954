import type { ProductResult, RequestPlan } from './product.ts';
import type { RequestSpec } from './spec.ts';

export type RequestState =
  | 'accepted'
  | 'ordering'
  | 'acquiring'
  | 'processing'
  | 'publishing'
  | 'waiting'
  | 'cancelling'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'cancelled'
  | 'expired';

/** Why nothing moves just now. `shared`: another request is making the same pixels. */
export type WaitingReason = 'provider' | 'capacity' | 'rate-limit' | 'approval' | 'shared';

/** A failure as users see it; `reason` is one of the closed list in reasons.ts. */
export interface FailureView {
  readonly reason: string;
  readonly message: string;
  readonly fault: 'user' | 'provider' | 'swath';
  readonly retryable: boolean;
  readonly fix: string;
}

/** What REST answers for one request. */
export interface RequestView {
  readonly id: string;
  readonly project: string;
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: RequestState;
  readonly waitingReason: WaitingReason | null;
  readonly attempt: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** No state outlives this instant by more than five minutes; null once final. */
  readonly deadlineAt: string | null;
  readonly spec: RequestSpec;
  readonly progress: {
    readonly scenes: number | null;
    readonly products: number | null;
    readonly chunksDone: number;
    readonly chunksTotal: number | null;
  };
  readonly failure: FailureView | null;
  /** Present in `succeeded` and `partial`. */
  readonly results: readonly ProductResult[];
  /** True when the results were there already. */
  readonly reused: boolean;
  readonly contentKey: string | null;
  readonly warnings: readonly string[];
}

export interface RequestEventView {
  readonly sequence: number;
  readonly time: string;
  readonly attempt: number;
  /** `transition`, `stale`, `note`. */
  readonly kind: string;
  readonly from: RequestState | null;
  readonly to: RequestState | null;
  readonly message: string;
}

/** Answer of `plan`: what a request would do, without doing it. */
export interface PlanView {
  readonly plan: Omit<RequestPlan, 'scenes'>;
  readonly scenes: readonly {
    readonly id: string;
    readonly collection: string;
    readonly datetime: string | null;
    readonly cloudCoverPercent: number | null;
  }[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  readonly contentKey: string;
  /** Results exist already: the request would be answered at once. */
  readonly available: boolean;
}
