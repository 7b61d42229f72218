import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';

import { SessionStore } from '../../core/session-store';
import { sampleFile } from '../testing/sample-file';
import { UndoStack } from './undo-stack';
import type { FinalStep, UndoStep } from './undo-step';

function stepOf(words: string): UndoStep {
  return { kind: 'rename', words, changes: [] };
}

describe('UndoStack', () => {
  const user = signal<{ readonly id: string } | null>(null);
  let stack: UndoStack;

  beforeEach(() => {
    user.set({ id: 'anna' });
    TestBed.configureTestingModule({ providers: [{ provide: SessionStore, useValue: { user } }] });
    stack = TestBed.inject(UndoStack);
  });

  function takeAll(): string[] {
    const taken: string[] = [];
    for (let step = stack.newest(); step !== null; step = stack.newest()) {
      stack.take(step);
      taken.push(step.words);
    }
    return taken;
  }

  it('should give the last twenty actions, the newest first', () => {
    for (let count = 1; count <= 22; count += 1) stack.push(stepOf(`${count}`));
    const taken = takeAll();
    expect(taken).toHaveLength(20);
    expect([taken[0], taken.at(-1)]).toEqual(['22', '3']);
  });

  it('should give each only once', () => {
    const step = stepOf('a');
    stack.push(step);
    expect([stack.take(step), stack.take(step)]).toEqual([true, false]);
  });

  it('should keep them when the same person is told anew', () => {
    stack.push(stepOf('a'));
    expect(stack.newest()).not.toBeNull();
    user.set({ id: 'anna' });
    expect(stack.newest()).not.toBeNull();
  });

  it.each([null, { id: 'ben' }])('should be empty when %j is signed in instead', (other) => {
    stack.push(stepOf('a'));
    expect(stack.newest()).not.toBeNull();
    user.set(other);
    expect(stack.newest()).toBeNull();
  });

  it('should follow only an entry that was left as it is again', () => {
    const [left, other] = [sampleFile('a', { version: 2 }), sampleFile('a', { version: 3 })];
    const before = sampleFile('a');
    stack.push({
      ...stepOf('a'),
      changes: [
        { before, after: left },
        { before, after: other },
      ],
    });
    const final: FinalStep = { kind: 'final', words: 'b', advice: null };
    stack.push(final);
    stack.follow(left, sampleFile('a', { version: 7 }));
    expect(stack.take(final)).toBe(true);
    expect(stack.newest()).toMatchObject({
      changes: [{ after: { version: 7 } }, { after: { version: 3 } }],
    });
  });
});
