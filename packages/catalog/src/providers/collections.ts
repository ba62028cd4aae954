import { isSwathError, SwathError, toSwathError } from '@swath/core';
import type { Clock, CollectionSummary, Provider } from '@swath/ports';
import { COLLECTIONS_LIFE_MS, COLLECTIONS_RETRY_MS, COLLECTIONS_TIMEOUT_MS } from '../limits.ts';
import type { CollectionFacts } from '../store/types.ts';

/** A provider that did not answer, and why. */
export interface Silent {
  readonly provider: string;
  readonly reason: string;
}

/** Which collection of which provider an id of the catalogue means. */
export interface ProviderCollection {
  readonly provider: Provider;
  readonly id: string;
}

export interface ProviderCollections {
  /** Of all providers that answer. */
  list(): Promise<{ readonly collections: readonly CollectionFacts[]; readonly silent: readonly Silent[] }>;
  /** @throws what the provider throws. undefined when it has none of this id. */
  get(id: string): Promise<(ProviderCollection & { readonly facts: CollectionFacts }) | undefined>;
}

interface Known {
  readonly untilMs: number;
  readonly summaries: readonly CollectionSummary[];
  readonly error?: unknown;
}

/**
 * The collections of the configured providers. Those of the default provider keep their ids; those of every other are
 * `<provider>:<id>`: an id means the same whichever of them answers just now.
 * @param timeoutMs for one list, @default COLLECTIONS_TIMEOUT_MS
 */
export function providerCollections(
  providers: ReadonlyMap<string, Provider>,
  defaultProvider: string,
  clock: Clock,
  timeoutMs = COLLECTIONS_TIMEOUT_MS,
): ProviderCollections {
  const known = new Map<string, Promise<Known>>();

  async function fresh(provider: Provider): Promise<Known> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const summaries = await provider.collections(timeout);
      return { untilMs: clock.now() + COLLECTIONS_LIFE_MS, summaries };
    } catch (cause) {
      const error = timeout.aborted ? tooLate(provider, timeoutMs, cause) : cause;
      return { untilMs: clock.now() + COLLECTIONS_RETRY_MS, summaries: [], error };
    }
  }

  /** Callers that come while it is asked wait for the same answer. */
  async function of(provider: Provider): Promise<Known> {
    const there = known.get(provider.id);
    if (there !== undefined) {
      const found = await there;
      if (found.untilMs > clock.now() || known.get(provider.id) !== there)
        return known.get(provider.id) ?? there;
    }
    const asked = fresh(provider);
    known.set(provider.id, asked);
    return asked;
  }

  const idOf = (provider: Provider, id: string) =>
    provider.id === defaultProvider ? id : `${provider.id}:${id}`;

  const factsOf = (provider: Provider, summary: CollectionSummary): CollectionFacts => ({
    id: idOf(provider, summary.id),
    title: summary.title,
    description: summary.description === '' ? summary.title : summary.description,
    license: summary.license ?? 'other',
    keywords: [],
    bands: summary.bands,
    ...(summary.bbox === undefined ? {} : { bbox: summary.bbox }),
    interval: summary.interval ?? [null, null],
    provider: { id: provider.id, title: provider.title },
  });

  return {
    async list() {
      const found = await Promise.all(
        [...providers.values()].map(async (provider) => ({ provider, answer: await of(provider) })),
      );
      return {
        collections: found.flatMap(({ provider, answer }) =>
          answer.summaries.map((s) => factsOf(provider, s)),
        ),
        silent: found.flatMap(({ provider, answer }) =>
          answer.error === undefined ? [] : [{ provider: provider.id, reason: reasonOf(answer.error) }],
        ),
      };
    },
    async get(id) {
      const named = [...providers.values()].find((provider) => id.startsWith(`${provider.id}:`));
      const provider = named ?? providers.get(defaultProvider);
      if (provider === undefined) return undefined;
      const own = named === undefined ? id : id.slice(named.id.length + 1);
      const answer = await of(provider);
      if (answer.error !== undefined) throw answer.error;
      const summary = answer.summaries.find((s) => s.id === own);
      return summary === undefined ? undefined : { provider, id: own, facts: factsOf(provider, summary) };
    },
  };
}

/** Nobody cancelled anything: it is the provider that is slow, or cannot be reached. */
const tooLate = (provider: Provider, timeoutMs: number, cause: unknown) =>
  new SwathError('Unavailable', `${provider.title} did not list its collections within ${timeoutMs} ms.`, {
    fix: 'Try again in a few minutes.',
    cause,
  });

function reasonOf(error: unknown): string {
  const isTold = isSwathError(error) && error.code !== 'Bug';
  return isTold ? error.message : `It could not be asked (${toSwathError(error).code}).`;
}
