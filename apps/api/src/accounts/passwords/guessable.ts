/** What is put in front of, or behind, a word that everybody tries. */
const DECORATION = /^[\d\W_]+|[\d\W_]+$/g;

/** Letters that people write as digits and signs. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** The words that lists of the most used passwords are made of. */
const WORDS = [
  'abc abcdef abcdefgh access account admin administrator amsterdam apple asdf asdfgh asdfghjkl baseball',
  'batman buster changeme charlie chocolate computer cookie default donald dragon football freedom ginger',
  'google guest hallo hello hockey home homeserver house hunter iloveyou internet jennifer jessica jordan',
  'killer letmein liverpool login love lovely master matrix michael microsoft monkey mustang mypassword',
  'nothing orange pass passw passwd password passwort passwords pepper pokemon princess qazwsx qazwsxedc',
  'qwer qwert qwerty qwertyuiop qwertz qwertzuiop root samsung secret server shadow snoopy soccer spring',
  'starwars summer sunshine superman test tester testing thomas tigger trustno user welcome whatever winter',
  'yankees yxcvbnm zaq zaqxsw zxcvbn zxcvbnm',
]
  .join(' ')
  .split(' ');
const KNOWN = new Set(WORDS);

/** Rows of keys, the alphabet and the digits, there and back. */
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
];
const SHORTEST_RUN = 4;
const FEW_CHARACTERS = 4;

/**
 * Whether a password is one of those that are tried first: a common word with decoration, one word over and
 * over, a run of keys, few different characters, or made of the name of who has it.
 */
export function isGuessable(password: string, username: string): boolean {
  const text = password.toLowerCase();
  if (new Set(text).size <= FEW_CHARACTERS) return true;
  const own = username.toLowerCase();
  const bare = text.replace(DECORATION, '');
  const candidates = [text, bare, plainLetters(text), plainLetters(bare)];
  return candidates.some(
    (form) =>
      isMadeOf(form, own) ||
      KNOWN.has(form) ||
      isRuns(form) ||
      [...KNOWN].some((word) => isMadeOf(form, word)),
  );
}

function plainLetters(text: string): string {
  return [...text].map((character) => LOOK_ALIKES[character] ?? character).join('');
}

/** One word, once or over and over, with nothing between but digits and signs. */
function isMadeOf(text: string, word: string): boolean {
  if (word.length < 3 || !text.includes(word)) return false;
  return text.replaceAll(word, '').replace(/[\d\W_]/g, '') === '';
}

/** Nothing but runs of neighbouring keys, such as qwerty123456. */
function isRuns(text: string): boolean {
  let rest = text;
  while (rest !== '') {
    const length = longestRun(rest);
    if (length < SHORTEST_RUN && rest.length >= SHORTEST_RUN) return false;
    if (length < SHORTEST_RUN) return true;
    rest = rest.slice(length);
  }
  return text !== '';
}

function longestRun(text: string): number {
  for (let length = text.length; length >= SHORTEST_RUN; length -= 1) {
    const part = text.slice(0, length);
    const back = [...part].reverse().join('');
    if (RUNS.some((run) => run.includes(part) || run.includes(back))) return length;
  }
  return 0;
}
