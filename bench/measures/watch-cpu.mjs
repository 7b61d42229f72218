import { setTimeout as delay } from 'node:timers/promises';

/** @returns the share of a core that a server, and its database, use in the next seconds */
export async function watchCpu({ tree, databaseTree }, seconds) {
  const before = tree.cpuSeconds;
  const databaseBefore = databaseTree?.cpuSeconds ?? 0;
  await delay(seconds * 1000);
  const percent = (cpuSeconds) => (cpuSeconds / seconds) * 100;
  return {
    'CPU % of a core': percent(tree.cpuSeconds - before),
    'database CPU %': databaseTree === null ? 0 : percent(databaseTree.cpuSeconds - databaseBefore),
  };
}
