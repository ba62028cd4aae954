import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertMove,
  canBeginAttempt,
  canMove,
  finalStates,
  isFinal,
  newAttemptFrom,
  ogcStatus,
  openeoStatus,
  openStates,
  requestStates,
  transitions,
} from './states.ts';

const anyState = fc.constantFrom(...requestStates);

describe('the transition table', () => {
  it('allows exactly what it lists, of all pairs of states', () => {
    for (const from of requestStates) {
      const next: readonly string[] = transitions[from];
      for (const to of requestStates) {
        expect(canMove(from, to), `${from} -> ${to}`).toBe(next.includes(to));
        if (next.includes(to)) assertMove(from, to);
        else expect(() => assertMove(from, to), `${from} -> ${to}`).toThrow(/No transition/);
      }
    }
  });

  it('ends in five final states, which nothing leaves within an attempt', () => {
    expect([...finalStates].sort()).toEqual(['cancelled', 'expired', 'failed', 'partial', 'succeeded']);
    fc.assert(
      fc.property(anyState, anyState, (from, to) => {
        if (isFinal(from)) expect(canMove(from, to)).toBe(false);
      }),
    );
  });

  it('leads from every open state to a final one, and from the first to every state', () => {
    const reachable = (from: (typeof requestStates)[number]) => {
      const seen = new Set([from]);
      for (const state of seen) for (const next of transitions[state]) seen.add(next);
      return seen;
    };
    for (const state of openStates) {
      expect([...reachable(state)].some(isFinal), state).toBe(true);
    }
    expect([...reachable('accepted')].sort()).toEqual([...requestStates].sort());
  });

  it('lets every open state be cancelled, and lets all but cancelling fail or expire', () => {
    for (const state of openStates) {
      if (state === 'cancelling') {
        expect(transitions[state]).toEqual(['cancelled']);
      } else {
        expect(transitions[state]).toEqual(expect.arrayContaining(['cancelling', 'failed', 'expired']));
      }
    }
  });

  it('succeeds only after publishing, or where the results were there', () => {
    const before = requestStates.filter((state) => canMove(state, 'succeeded'));
    expect(before).toEqual(['ordering', 'publishing']);
    expect(requestStates.filter((state) => canMove(state, 'partial'))).toEqual(['publishing']);
  });

  it('never starts another attempt after success, and the machine never after an end', () => {
    expect(canBeginAttempt('succeeded', 'user')).toBe(false);
    for (const state of newAttemptFrom.machine) expect(isFinal(state)).toBe(false);
    for (const state of newAttemptFrom.user) expect(isFinal(state)).toBe(true);
  });

  it('has a word of openEO and of OGC for every state, final ones for final ones', () => {
    for (const state of requestStates) {
      expect(['finished', 'error', 'canceled'].includes(openeoStatus[state]), state).toBe(isFinal(state));
      expect(['successful', 'failed', 'dismissed'].includes(ogcStatus[state]), state).toBe(isFinal(state));
    }
  });
});
