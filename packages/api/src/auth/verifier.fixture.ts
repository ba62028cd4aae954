import { type fakeIssuer, NOW_S } from './fake-issuer.fixture.ts';
import { type IssuerInput, issuers } from './issuer.ts';
import { tokenVerifier } from './verify.ts';

export type Fake = Awaited<ReturnType<typeof fakeIssuer>>;

/** A verifier that knows these issuers as p0, p1, ..., and its clock. */
export function setUp(fakes: readonly Fake[], config: Partial<IssuerInput> = {}) {
  const clock = { ms: NOW_S * 1000, now: () => clock.ms };
  const configured = issuers.parse(
    fakes.map((fake, i) => ({ id: `p${i}`, issuer: fake.address, audiences: ['swath'], ...config })),
  );
  const verify = tokenVerifier({
    issuers: configured,
    readJson: async (url) => {
      const fake = fakes.find(({ address }) => url.href.startsWith(address));
      if (fake === undefined) throw new Error(`read of ${url.href}, which nobody configured`);
      return fake.readJson(url);
    },
    clock,
  });
  return { clock, verify };
}
