import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';

import { SessionStore } from '../../core/session-store';
import { sampleFile } from '../testing/sample-file';
import { UndoStack } from './undo-stack';
import type { FinalStep, UndoStep } from './undo-step';

function stepOf(words: string): UndoStep {
  return { kind: 'rename', words, changes: [] };
}

function finalOf(words: string): FinalStep {
  return { kind: 'final', words, advice: null };
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

  it('should give all twenty that can be undone, however many were done that cannot', () => {
    for (let count = 1; count <= 22; count += 1) {
      stack.push(finalOf('final'));
      stack.push(stepOf(`${count}`));
    }
    const taken = takeAll().filter((words) => words !== 'final');
    expect(taken).toHaveLength(20);
    expect(taken.at(-1)).toBe('3');
  });

  it('should give those in one that cannot be undone and follow on each other', () => {
    const between = stepOf('between');
    stack.push(finalOf('1'));
    stack.push(finalOf('2'));
    expect(stack.newest()).toMatchObject({ words: '2', earlierCount: 1 });
    stack.push(between);
    stack.push(finalOf('3'));
    expect(stack.newest()).toMatchObject({ words: '3' });
    stack.take(between);
    expect(stack.newest()).toMatchObject({ words: '3', earlierCount: 2 });
    expect(takeAll()).toEqual(['3']);
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
    const final = finalOf('b');
    stack.push(final);
    stack.follow(left, sampleFile('a', { version: 7 }));
    expect(stack.take(final)).toBe(true);
    expect(stack.newest()).toMatchObject({
      changes: [{ after: { version: 7 } }, { after: { version: 3 } }],
    });
  });
});
