/** The web app's own colours, both themes: a test holds them to its tokens. */
const DARK = `
    color-scheme: dark;
    --ground: #0e1216;
    --surface: #151a20;
    --raised: #1c232b;
    --line: #28313b;
    --soft-line: #1f2730;
    --text: #e8edf2;
    --muted: #9aa8b5;
    --accent: #5fd0b5;
    --soft-accent: #173a34;`;

const LIGHT = `
    color-scheme: light;
    --ground: #f4f6f8;
    --surface: #ffffff;
    --raised: #f0f3f6;
    --line: #dbe2e9;
    --soft-line: #e8edf2;
    --text: #17202a;
    --muted: #566473;
    --accent: #0a7c69;
    --soft-accent: #e3f5f0;`;

/** The stylesheet of the page about the sockets. */
export const PAGE_STYLE = `:root {${DARK}
}
@media (prefers-color-scheme: light) {
  :root {${LIGHT}
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 24px; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 400 14px/1.5 'Inter Variable', Inter, system-ui, sans-serif;
}
h1, h2, h3, p, ul, dl, dd, pre { margin: 0; padding: 0; }
ul { list-style: none; }
main > ul, .card > ul:not([class]) { padding-left: 18px; list-style: disc; }
h1 { font-size: 24px; font-weight: 650; letter-spacing: -0.02em; line-height: 1.25; }
h2 { font-size: 18px; font-weight: 620; letter-spacing: -0.01em; }
h3 { font-size: 14px; font-weight: 600; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main:focus { outline: none; }
code, pre { font: 12.5px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
p code, dd code { overflow-wrap: anywhere; }

.skip { position: absolute; left: -999px; padding: 8px 12px; border-radius: 8px; background: var(--raised); }
.skip:focus { left: 16px; top: 8px; }
header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 8px 24px;
  padding: 14px 24px;
  border-bottom: 1px solid var(--soft-line);
}
.brand {
  display: flex;
  align-items: center;
  gap: 10px;
  color: var(--text);
  font-size: 15px;
  font-weight: 620;
  text-decoration: none;
}
header nav { display: flex; flex-wrap: wrap; gap: 4px; }
header nav a, .contents a {
  display: block;
  padding: 6px 10px;
  border-radius: 8px;
  color: var(--muted);
  text-decoration: none;
}
header nav a:hover, .contents a:hover { background: var(--raised); color: var(--text); }
header nav a[aria-current] { background: var(--soft-accent); color: var(--accent); font-weight: 550; }

.frame {
  display: grid;
  grid-template-columns: 216px minmax(0, 860px);
  gap: 32px;
  max-width: 1156px;
  margin: 0 auto;
  padding: 24px;
}
.contents { position: sticky; top: 24px; align-self: start; max-height: calc(100vh - 48px); overflow: auto; }
.contents ul ul { margin-left: 12px; border-left: 1px solid var(--soft-line); }
main { display: flex; flex-direction: column; gap: 16px; }
main > h2 { margin-top: 16px; }
.lead, .aside, .members p { color: var(--muted); }
.card {
  display: flex;
  flex-direction: column;
  gap: 12px;
  padding: 18px;
  border: 1px solid var(--soft-line);
  border-radius: 16px;
  background: var(--surface);
}
.card h3:not(:first-child) { margin-top: 8px; }
.address code { overflow-wrap: anywhere; font-size: 14px; }
.address span {
  margin-right: 6px;
  padding: 2px 8px;
  border-radius: 8px;
  background: var(--soft-accent);
  color: var(--accent);
  font-size: 12.5px;
  font-weight: 550;
}
.codes div, .terms div { display: grid; grid-template-columns: 64px minmax(0, 1fr); gap: 12px; padding: 6px 0; }
.codes div + div, .terms div + div { border-top: 1px solid var(--soft-line); }
dt { font-weight: 550; font-variant-numeric: tabular-nums; }
dd { color: var(--muted); }
pre { overflow: auto; max-height: 360px; padding: 14px 16px; border-radius: 10px; background: var(--raised); }

.members > li { padding: 7px 0; }
.members > li + li { border-top: 1px solid var(--soft-line); }
.members .members { margin-top: 6px; padding-left: 14px; border-left: 2px solid var(--line); }
.members .name { font-weight: 600; }
.type, .optional { color: var(--muted); overflow-wrap: anywhere; }
.type { margin-left: 6px; }
.optional { margin-left: 6px; padding: 0 6px; border: 1px solid var(--line); border-radius: 6px; font-size: 12px; }
.variants { display: flex; flex-direction: column; gap: 10px; }
.variants > li { padding: 4px 14px; border: 1px solid var(--soft-line); border-radius: 10px; }

@media (max-width: 860px) {
  header { padding: 12px 14px; }
  .frame { grid-template-columns: minmax(0, 1fr); gap: 16px; padding: 16px 14px; }
  .contents { position: static; max-height: none; }
  .contents > ul { display: flex; flex-wrap: wrap; }
  .contents ul ul { display: none; }
  .card { padding: 14px; }
}
@media (pointer: coarse) {
  header nav a, .contents a { padding: 11px 12px; }
}
`;
