import { Loadable } from './loadable';

/** Answers that come when the test wants them. */
function answers() {
  const waiting: { resolve: (value: string) => void; reject: (reason: unknown) => void }[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  return { waiting, ask };
}

describe('Loadable', () => {
  it('should be loading until the first answer when it is asked for', async () => {
    const { waiting, ask } = answers();
    const loadable = new Loadable(ask);
    const loaded = loadable.load();
    expect(loadable.isLoading()).toBe(true);

    waiting[0]?.resolve('a');
    await loaded;

    expect(loadable.value()).toBe('a');
    expect(loadable.isLoading()).toBe(false);
  });

  it('should keep what it knew and say why when a later answer fails', async () => {
    const { waiting, ask } = answers();
    const loadable = new Loadable(ask);
    loadable.set('a');

    const loaded = loadable.load();
    waiting[0]?.reject(new TypeError('away'));
    await loaded;

    expect(loadable.value()).toBe('a');
    expect(loadable.problem()?.code).toBe('web.unreachable');
  });

  it('should take the later of two answers when the earlier one comes last', async () => {
    const { waiting, ask } = answers();
    const loadable = new Loadable(ask);
    const both = [loadable.load(), loadable.load()];

    waiting[1]?.resolve('new');
    waiting[0]?.resolve('old');
    await Promise.all(both);

    expect(loadable.value()).toBe('new');
  });

  it('should not undo a change when an answer from before it arrives', async () => {
    const { waiting, ask } = answers();
    const loadable = new Loadable(ask);
    loadable.set('a');
    const loaded = loadable.load();

    loadable.update((value) => `${value}b`);
    waiting[0]?.resolve('a');
    await loaded;

    expect(loadable.value()).toBe('ab');
  });
});
