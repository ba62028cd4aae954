export interface QueueMessage {
  readonly id: string;
  /** JSON text. */
  readonly body: string;
  /** Names this delivery; a later delivery of the same message has another one. */
  readonly receipt: string;
  /** 1 on the first delivery. */
  readonly receiveCount: number;
}

/** At-least-once, unordered, with visibility time-out and dead letters: SQS standard queue semantics. */
export interface Queue {
  /** @returns message id. @throws LimitExceeded over 256 KiB (send a pointer). */
  send(body: string, options?: { readonly delayS?: number }): Promise<string>;
  /** Up to `max` (1 to 10) messages, hidden from others for `visibilityS`. */
  receive(options: { readonly max: number; readonly visibilityS: number }): Promise<readonly QueueMessage[]>;
  /** Idempotent; a stale receipt is not an error and deletes nothing that was delivered again since. */
  ack(receipt: string): Promise<void>;
  /** Visibility from now on; 0 makes the message visible at once. @throws Conflict when the delivery is known to be over. */
  extend(receipt: string, visibilityS: number): Promise<void>;
  /** Approximate; delayed messages count as in flight. */
  depth(): Promise<{ readonly visible: number; readonly inFlight: number; readonly dead: number }>;
}
