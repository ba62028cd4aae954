import { isSwathError, SwathError } from '@swath/core';

/** An address as it is at this moment. `generation` counts the signings. */
export interface Address {
  readonly href: string;
  readonly generation: number;
}

/** An address whose signature or token may run out while it is read by several reads at once. */
export interface RenewableAddress {
  /** Waits for a renewal that is going on. @throws what the renewal threw. */
  current(): Promise<Address>;
  /** The address was good: when it is refused later, it has expired. */
  worked(used: Address): void;
  /** Whether another attempt makes sense after `used` was refused; starts the renewal when nobody has yet. */
  renew(used: Address): boolean;
}

/**
 * Asks `refresh` once per expiry: reads that were refused with an address that has been replaced meanwhile just go on with the
 * new one, and a new address that never worked is not renewed.
 */
export function renewableAddress(
  href: string,
  name: string,
  refresh: ((href: string) => Promise<string>) | undefined,
  check: (href: string) => void,
): RenewableAddress {
  let now: Address = { href, generation: 0 };
  // The first address may have run out between planning and reading: it need not have worked.
  let mayRenew = true;
  let renewing: Promise<Address> | undefined;

  async function renewed(ask: (href: string) => Promise<string>): Promise<Address> {
    let next: string;
    try {
      next = await ask(now.href);
    } catch (error) {
      // Neither its text nor itself as cause: signers' errors hold addresses and tokens.
      const code = isSwathError(error) ? error.code : 'Unavailable';
      throw new SwathError(code, `${name}: its address has expired and could not be signed again`);
    }
    check(next);
    now = { href: next, generation: now.generation + 1 };
    return now;
  }

  return {
    current: () => renewing ?? Promise.resolve(now),
    worked(used) {
      if (used.generation === now.generation) mayRenew = true;
    },
    renew(used) {
      if (refresh === undefined) return false;
      if (used.generation < now.generation || renewing !== undefined) return true;
      if (!mayRenew) return false;
      mayRenew = false;
      const asking = renewed(refresh);
      renewing = asking;
      const done = (): void => {
        renewing = undefined;
      };
      asking.then(done, done);
      return true;
    },
  };
}
