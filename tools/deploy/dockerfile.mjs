/** Reads Dockerfiles and .dockerignore files, as far as ours go. */

/**
 * @typedef {object} Instruction
 * @property {string} name in capitals, such as `COPY`
 * @property {Record<string, string>} flags such as `{ from: 'build' }` for `--from=build`
 * @property {string} text what follows the flags
 *
 * @typedef {object} Stage
 * @property {string} image what it is built on
 * @property {string | null} name what other stages call it
 * @property {Instruction[]} instructions all after FROM
 */

const FLAG = /^--([a-z-]+)=(\S+)\s+/;

/** @param {string} text of a Dockerfile @returns {Stage[]} @throws Error where a line is none of a Dockerfile */
export function parseDockerfile(text) {
  const stages = [];
  for (const instruction of text.split('\n').reduce(joinLines, []).map(parseInstruction)) {
    if (instruction.name === 'FROM') {
      const [image, as, name] = instruction.text.split(/\s+/);
      if (as !== undefined && as.toUpperCase() !== 'AS') throw new Error(`FROM ${as}?`);
      stages.push({ image, name: name ?? null, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`${instruction.name} comes before FROM.`);
      stage.instructions.push(instruction);
    }
  }
  return stages;
}

/** Leaves comments out, and joins what a backslash at the end continues. */
function joinLines(lines, line) {
  if (/^\s*(#|$)/.test(line)) return lines;
  const last = lines.at(-1);
  if (last?.endsWith('\\')) return [...lines.slice(0, -1), last.slice(0, -1) + line.trim()];
  return [...lines, line.trimEnd()];
}

function parseInstruction(line) {
  const match = /^([A-Z]+)\s+(.+)$/.exec(line);
  if (match === null) throw new Error(`Not an instruction: ${line}`);
  const [, name, rest] = match;
  let text = rest;
  const flags = {};
  for (let flag = FLAG.exec(text); flag !== null; flag = FLAG.exec(text)) {
    flags[flag[1]] = flag[2];
    text = text.slice(flag[0].length);
  }
  return { name, flags, text };
}

/** The variables of an ENV instruction. */
export function parseVariables(text) {
  return Object.fromEntries(
    text
      .split(/\s+/)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/**
 * Which files go to the engine, by the rules of .dockerignore: the last line that fits decides.
 * @param {string} text of the .dockerignore
 * @returns {(file: string) => boolean} for a path below the folder, such as `apps/api/build.mjs`
 */
export function contextFilter(text) {
  const rules = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({
      isKept: line.startsWith('!'),
      pattern: new RegExp(`^${globToExpression(line.replace(/^!/, ''))}(/|$)`),
    }));
  return (file) =>
    rules.reduce((isKept, rule) => (rule.pattern.test(file) ? rule.isKept : isKept), true);
}

function globToExpression(glob) {
  return glob
    .split(/(\*\*\/|\*)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
    })
    .join('');
}
