/**
 * Takes samples with systeminformation, those figures that a frame of ours has, and prints
 * `{ "CPU ms": … }` of one, its child processes counted. Takes the number of samples.
 */
import { ProcessTree } from '../process-tree.mjs';
import si from 'systeminformation';

const count = Number(process.argv[2]);
const takeOne = () =>
  Promise.all([
    si.currentLoad(),
    si.cpuTemperature(),
    si.mem(),
    si.fsSize(),
    si.fsStats(),
    si.networkStats('*'),
  ]);

await takeOne(); // loads what it needs
const tree = new ProcessTree(process.pid);
const before = tree.cpuSeconds;
for (let index = 0; index < count; index += 1) await takeOne();
process.stdout.write(JSON.stringify({ 'CPU ms': ((tree.cpuSeconds - before) * 1000) / count }));
