import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

import homeserver from './tools/eslint/index.mjs';

/** Rules are errors, all of them: a warning is read by nobody. */

const TESTS = [
  '**/*.spec.ts',
  '**/*.int-spec.ts',
  '**/*.contract.ts',
  'apps/api/test/**',
  'apps/web-e2e/**',
];
const WEB = ['apps/web/src/**/*.ts', 'libs/ui/src/**/*.ts'];

/** Syntax that no file may have, with why. */
const FORBIDDEN_SYNTAX = [
  {
    selector:
      "ImportDeclaration[source.value='zod'] > :matches(ImportSpecifier, ImportDefaultSpecifier)",
    message:
      "Write `import * as z from 'zod'`: the other forms drag every locale into the browser bundle.",
  },
  {
    selector:
      ':function[params.length>4]:not(MethodDefinition[kind="constructor"] > FunctionExpression)',
    message: 'At most four parameters: make one of them an object.',
  },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>7]',
    message: 'At most seven dependencies: this class does more than one thing.',
  },
];

const MODULE_BOUNDARIES = [
  { sourceTag: 'scope:api', onlyDependOnLibsWithTags: ['scope:api', 'scope:shared'] },
  { sourceTag: 'scope:web', onlyDependOnLibsWithTags: ['scope:web', 'scope:shared'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['scope:tools', 'scope:shared'] },
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['scope:tools'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:dto', 'type:ui'] },
  { sourceTag: 'type:ui', onlyDependOnLibsWithTags: ['type:ui'] },
  { sourceTag: 'type:dto', onlyDependOnLibsWithTags: ['type:dto'] },
];

/** What each layer of the API may use. Places are below apps/api/src. */
const TEST = String.raw`\.(spec|int-spec|contract)\.ts$`;
const API_LAYERS = [
  {
    modules: '^typeorm$',
    onlyIn: String.raw`\.(repository|entity|entities)\.ts$|^platform/(database/|events/event-transactions\.ts$)|${TEST}`,
    exceptTypes: ['EntityManager'],
    because: 'the database is asked by repositories alone.',
  },
  {
    modules: '^@nestjs/typeorm$',
    onlyIn: String.raw`\.(repository|module)\.ts$|^platform/(database/|events/event-transactions\.ts$)|${TEST}`,
    because: 'the database is asked by repositories alone.',
  },
  {
    modules: '^pg(-copy-streams)?$',
    onlyIn: String.raw`\.(adapter|repository)\.ts$|^files/indexing/index-(worker|thread)\.ts$|^platform/database/|^server\.ts$|${TEST}`,
    because: 'the database is asked by repositories alone.',
  },
  {
    modules: '^(node:)?(fs|fs/promises|child_process)$|^systeminformation$',
    onlyIn: [
      String.raw`\.adapter\.ts$`,
      '^drives/storage/',
      '^platform/database/embedded-postgres/',
      String.raw`^platform/database/(data-dir-lock|liveness-socket)\.ts$`,
      '^platform/config/',
      String.raw`^export-documents\.ts$`,
      TEST,
    ].join('|'),
    because: 'files, processes and the machine are reached by adapters alone.',
  },
  {
    modules: '^@nestjs/common$',
    names: 'Exception$',
    onlyIn: `^platform/http/|${TEST}`,
    because: 'an error is a DomainError with a stable code.',
  },
  {
    modules: '^@nestjs/common$',
    names: '^forwardRef$',
    onlyIn: '^$',
    because: 'two modules that need each other are one, or tell each other by events.',
  },
  {
    modules: String.raw`\.(repository|entity|entities|adapter)$`,
    never: String.raw`\.(controller|gateway)\.ts$`,
    because: 'a controller asks its service.',
  },
  {
    modules: String.raw`\.(controller|gateway)$`,
    onlyIn: String.raw`\.module\.ts$|${TEST}`,
    because: 'nothing stands on a controller.',
  },
  {
    modules: String.raw`\.(service|controller|gateway)$`,
    never: String.raw`\.(repository|entity|entities|adapter)\.ts$`,
    because: 'calls go from controller to service to repository or adapter, never up.',
  },
  {
    modules: String.raw`\.(entity|entities)$`,
    onlyIn: String.raw`\.(repository|module|entity|entities)\.ts$|^platform/database/|${TEST}`,
    because: 'no entity leaves its repository.',
  },
];

/** Who stands on whom, from the ground up. */
const API_DOMAINS = {
  platform: [],
  accounts: ['platform'],
  drives: ['platform', 'accounts'],
  files: ['platform', 'drives'],
  monitoring: ['platform', 'drives', 'files'],
  health: ['platform', 'drives'],
  integrations: ['platform'],
};

const WEB_LAYERS = [
  {
    modules: '^@angular/common/http$',
    names: '^(HttpClient|httpResource|HttpRequest)$',
    onlyIn: String.raw`-api\.ts$|\.spec\.ts$`,
    because: 'HTTP is spoken by *-api.ts alone.',
  },
  {
    modules: '^@angular/core$',
    names: '^forwardRef$',
    onlyIn: '^$',
    because: 'two things that need each other are one, or share a third.',
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      'dist/**',
      'data/**',
      '.nx/**',
      '.angular/**',
      'test-results/**',
      '**/*.generated.ts',
      'jest.config.ts',
      '**/*.d.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { '@nx': nx, homeserver },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        // The tools are plain files, no library with a name of its own.
        { depConstraints: MODULE_BOUNDARIES, allow: ['../../tools/browser/find-browser.mjs'] },
      ],
      'homeserver/no-import-cycles': 'error',
      'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-control-regex': 'error',
      'no-empty': 'error',
      'no-irregular-whitespace': 'error',
      'no-self-assign': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // It takes for granted what was narrowed before an await or in a closure, and that may have changed.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Options of libraries are classes now and then, and are given as plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Characters are counted by code points, and that is meant.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // A method may be asynchronous because its interface is.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['apps/api/src/**/*.ts'],
    rules: {
      'homeserver/layers': ['error', { root: 'apps/api/src', layers: API_LAYERS }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['apps/api/src/**/*.ts'],
    ignores: TESTS,
    rules: {
      'homeserver/domains': [
        'error',
        { root: 'apps/api/src', mayImport: API_DOMAINS, open: ['platform'] },
      ],
    },
  },
  {
    files: ['apps/api/src/platform/database/migrations/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['apps/api/src/**/*.controller.ts'],
    rules: {
      // What a route declares of itself stands above it, and counts as a part of it.
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 140, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        ...FORBIDDEN_SYNTAX,
        {
          selector: 'CatchClause',
          message: 'Errors leave a controller as they are: one filter answers them all.',
        },
      ],
    },
  },
  {
    files: WEB,
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      'homeserver/layers': ['error', { root: '.', layers: WEB_LAYERS }],
      '@angular-eslint/component-selector': [
        'error',
        [
          { type: 'element', prefix: 'home', style: 'kebab-case' },
          { type: 'attribute', prefix: 'home', style: 'camelCase' },
        ],
      ],
      '@angular-eslint/directive-selector': [
        'error',
        { type: 'attribute', prefix: 'home', style: 'camelCase' },
      ],
      '@angular-eslint/prefer-on-push-component-change-detection': 'error',
      '@angular-eslint/prefer-signals': 'error',
      '@angular-eslint/prefer-standalone': 'error',
    },
  },
  {
    files: [
      'apps/web/src/**/*.html',
      'libs/ui/src/**/*.html',
      ...WEB.map((pattern) => `${pattern}/*.html`),
    ],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      '@angular-eslint/template/no-any': 'error',
      '@angular-eslint/template/prefer-control-flow': 'error',
      '@angular-eslint/template/button-has-type': 'error',
      '@angular-eslint/template/no-duplicate-attributes': [
        'error',
        { allowStylePrecedenceDuplicates: true },
      ],
      '@angular-eslint/template/no-positive-tabindex': 'error',
    },
  },
  {
    files: ['**/{utils,helpers,common,types}.ts', '**/*.{utils,helpers}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program', message: 'Name a file after what is in it.' },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    rules: {
      'no-unused-vars': 'error',
      'no-undef': 'off',
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
);
