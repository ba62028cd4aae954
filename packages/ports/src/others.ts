/** A fact told to whoever listens: EventBridge in AWS, server-sent events locally. At least once. */
export interface BusEvent {
  /** `detail-type`, such as `Request State Change`. */
  readonly type: string;
  /** Unique and stable: consumers drop repeats by it. */
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Bus {
  publish(events: readonly BusEvent[]): Promise<void>;
}

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
}

export interface Random {
  /** UUIDv7: sorts by creation time, 74 random bits. */
  id(): string;
  /** 256 random bits, base64url: what nobody may guess. Ids of one moment have bits in common. */
  secret(): string;
  /** [0, 1): jitter. */
  fraction(): number;
}

export interface Secrets {
  /** @throws SwathError NotFound. */
  get(name: string): Promise<string>;
}
