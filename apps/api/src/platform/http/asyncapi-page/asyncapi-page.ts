import * as z from 'zod';

import { html, type Html } from './html';
import { anchorOf, exampleOf, members, nameOf } from './json-schema-view';
import { inline, markdown } from './markdown';

const referenceSchema = z.object({ $ref: z.string() });

const channelSchema = z.object({
  address: z.string(),
  title: z.string(),
  description: z.string(),
  messages: z.record(z.string(), referenceSchema),
  bindings: z.object({ ws: z.object({ query: z.unknown().optional() }) }),
});
type Channel = z.infer<typeof channelSchema>;

/** What the page shows of an AsyncAPI 3.0 document. */
const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  channels: z.record(z.string(), channelSchema),
  components: z.object({
    messages: z.record(
      z.string(),
      z.object({ title: z.string(), summary: z.string(), payload: referenceSchema }),
    ),
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.object({ type: z.string(), description: z.string() })),
  }),
});
type Components = z.infer<typeof documentSchema>['components'];

/**
 * A page for people, made of the AsyncAPI document alone. It runs no script and asks for nothing but
 * its stylesheet and the icon.
 * @param document one that `createAsyncApiDocument` makes
 */
export function createAsyncApiPage(document: unknown): string {
  const { info, channels, components } = documentSchema.parse(document);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        <title>Sockets · ${info.title}</title>
        <link rel="icon" type="image/svg+xml" href="/icon.svg" />
        <link rel="stylesheet" href="/docs/events.css" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
          <a class="brand" href="/"
            ><img src="/icon.svg" alt="" width="26" height="26" />${info.title}</a
          >
          <nav aria-label="Documents">
            <a href="/docs">Calls</a>
            <a href="/docs/events" aria-current="page">Sockets</a>
            <a href="/docs/asyncapi.json">As AsyncAPI</a>
          </nav>
        </header>
        <div class="frame">
          ${contents(channels, components)}
          <main id="content" tabindex="-1">
            <h1>Sockets</h1>
            <p class="lead">Version ${info.version}</p>
            ${markdown(info.description)}
            ${Object.entries(channels).map(([name, channel]) => channelCard(name, channel, components))}
            ${signingIn(components)}
            <h2 id="shapes">Shapes</h2>
            ${Object.entries(components.schemas).map(([name, schema]) => shapeCard(name, schema))}
          </main>
        </div>
      </body>
    </html> `.text;
}

function contents(channels: Record<string, Channel>, { schemas }: Components): Html {
  return html`<nav class="contents" aria-label="On this page">
    <ul>
      ${Object.entries(channels).map(
        ([name, { title }]) => html`<li><a href="#${name}">${title}</a></li>`,
      )}
      <li><a href="#signing-in">Signing in</a></li>
      <li>
        <a href="#shapes">Shapes</a>
        <ul>
          ${Object.keys(schemas).map(
            (name) => html`<li><a href="#${anchorOf(name)}">${name}</a></li>`,
          )}
        </ul>
      </li>
    </ul>
  </nav>`;
}

function channelCard(name: string, channel: Channel, components: Components): Html {
  const { query } = channel.bindings.ws;
  const [what = '', ...conditions] = markdown(channel.description);
  return html`<section class="card" aria-labelledby="${name}">
    <h2 id="${name}">${channel.title}</h2>
    <p class="address"><span>WebSocket</span> <code>${channel.address}</code></p>
    ${what}
    ${
      query === undefined
        ? ''
        : html`<h3>In the query</h3>
            ${members(query)}`
    }
    ${conditions} ${Object.values(channel.messages).map(({ $ref }) => message($ref, components))}
  </section>`;
}

function message(reference: string, { messages, schemas }: Components): Html {
  const found = messages[nameOf(reference)];
  if (found === undefined) throw new Error(`The document has no message ${reference}.`);
  const shape = found.payload.$ref;
  return html`<h3>${found.title}</h3>
    <p>${inline(found.summary)} Its shape is <a href="#${anchorOf(shape)}">${nameOf(shape)}</a>.</p>
    ${example(nameOf(shape), schemas[nameOf(shape)])}`;
}

function example(name: string, schema: unknown): Html | string {
  const text = exampleOf(schema);
  if (text === null) return '';
  return html`<pre
    tabindex="0"
    role="region"
    aria-label="Example of ${name}"
  ><code>${text}</code></pre>`;
}

function signingIn({ securitySchemes }: Components): Html {
  return html`<section class="card" aria-labelledby="signing-in">
    <h2 id="signing-in">Signing in</h2>
    <dl class="terms">
      ${Object.entries(securitySchemes).map(
        ([name, { description }]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${inline(description)}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function shapeCard(name: string, schema: unknown): Html {
  const anchor = anchorOf(name);
  return html`<section class="card" aria-labelledby="${anchor}">
    <h3 id="${anchor}">${name}</h3>
    ${members(schema)}
  </section>`;
}
