import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { PatientQuestions } from './patient-questions';

const never = () => new Promise<string>(() => undefined);

describe('PatientQuestions', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('should give the answer when there is one', async () => {
    const questions = new PatientQuestions<string>();

    expect(await questions.ask('disk', async () => 'here', 1000)).toBe('here');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('should give up when there is no answer in time', async () => {
    const answer = new PatientQuestions<string>().ask('disk', never, 1000);
    await jest.advanceTimersByTimeAsync(1000);

    expect(await answer).toBeNull();
  });

  it('should put a question once, and not wait again, while it is without an answer', async () => {
    const questions = new PatientQuestions<string>();
    const question = jest.fn(never);
    const first = questions.ask('disk', question, 1000);
    await jest.advanceTimersByTimeAsync(1000);
    await first;

    expect(await questions.ask('disk', question, 1000)).toBeNull();
    expect(question).toHaveBeenCalledTimes(1);
  });

  it('should put it again when it was answered, and another disk its own', async () => {
    const questions = new PatientQuestions<string>();

    expect(await questions.ask('one', async () => 'here', 1000)).toBe('here');
    expect(await questions.ask('one', async () => 'gone', 1000)).toBe('gone');
    void questions.ask('one', never, 1000);
    expect(await questions.ask('two', async () => 'here', 1000)).toBe('here');
  });

  it('should tell what went wrong to whoever waits', async () => {
    const failing = async () => {
      throw new Error('The disk fails.');
    };

    await expect(new PatientQuestions<string>().ask('disk', failing, 1000)).rejects.toThrow(
      'The disk fails.',
    );
  });
});
