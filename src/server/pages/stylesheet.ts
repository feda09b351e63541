import { hash } from 'node:crypto';

/** The one stylesheet of all pages without scripts, in the look of the dashboard. Colours are named once for light and once for dark; text has a contrast of 4.5 or more on them. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --sheet: #ffffff; --text: #171a21; --muted: #586070; --line: #e3e6eb; --edge: #868e9d;
  --accent: #4338ca; --accent-strong: #3730a3; --on-accent: #ffffff; --accent-soft: #eef0fd;
  --bad: #b42318; --bad-soft: #fdecea; --bad-line: #f3c4be; --good: #0b6b45; --good-soft: #e6f5ed; --good-line: #b7e0cb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1014; --sheet: #14181e; --text: #e6e9ef; --muted: #9aa4b4; --line: #252b35; --edge: #6b7484;
    --accent: #a5adff; --accent-strong: #c3c9ff; --on-accent: #14163a; --accent-soft: #1f2440;
    --bad: #ffa198; --bad-soft: #33191a; --bad-line: #6b2c2b; --good: #7ee2b0; --good-soft: #12291f; --good-line: #24543e;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; background: var(--ground); color: var(--text);
  font: .9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
.top {
  display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem;
  margin: 0 auto; padding: 1.25rem 1.25rem 0;
}
.brand { display: inline-flex; align-items: center; gap: .6rem; color: var(--text); font-weight: 640; font-size: 1rem; text-decoration: none; }
.mark { width: 1.75rem; height: 1.75rem; flex: none; }
.mark rect { fill: var(--accent); }
.mark path { fill: var(--on-accent); }
nav { display: flex; align-items: center; gap: .25rem 1rem; min-width: 0; }
nav a { max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
main { margin: 1.25rem auto 3rem; padding: 1.75rem 1.5rem 2rem; background: var(--sheet); border-block: 1px solid var(--line); }
@media (min-width: 34rem) {
  main { padding: 2.25rem 2.5rem 2.5rem; border: 1px solid var(--line); border-radius: 10px; width: calc(100% - 2.5rem); }
  .top { width: calc(100% - 2.5rem); padding-inline: 0; }
  .narrow { max-width: 28rem; }
  .top.narrow { padding-top: 3rem; }
  .wide { max-width: 43.5rem; }
}
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 640; text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: .9375rem; line-height: 1.35; font-weight: 620; }
p { margin: 0 0 1rem; text-wrap: pretty; }
section { margin-top: 2rem; padding-top: 1.75rem; border-top: 1px solid var(--line); }
main > :last-child, section > :last-child { margin-bottom: 0; }
section + p { margin-top: 2rem; }
.lead { font-size: 1rem; }
.hint { color: var(--muted); font-size: .9rem; }
a { color: var(--accent); text-underline-offset: .18em; }
a:hover { color: var(--accent-strong); }
code, .code, .shown-code, .agent { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
code { font-size: .9em; }
p code { padding: .1em .35em; background: var(--accent-soft); border-radius: .3rem; }
pre { margin: 0 0 1rem; padding: 1rem 1.1rem; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; white-space: normal; }
pre code { display: block; padding: .15rem 0 .15rem 1.5rem; text-indent: -1.5rem; white-space: pre-wrap; }
form { margin: 0 0 1rem; }
.field { margin-bottom: 1.1rem; }
label { display: block; margin-bottom: .3rem; font-weight: 560; font-size: .875rem; }
.field .hint { margin: 0 0 .4rem; }
input {
  display: block; width: 100%; padding: .5rem .7rem; font: inherit; color: inherit; background: var(--sheet);
  border: 1px solid var(--edge); border-radius: 8px;
}
input[aria-invalid] { border-color: var(--bad); }
.code { font-size: 1.4rem; letter-spacing: .14em; text-transform: uppercase; text-align: center; }
.problem { margin: .35rem 0 0; color: var(--bad); font-size: .9rem; font-weight: 550; }
button, .button {
  display: inline-block; padding: .55rem 1rem; font: inherit; font-weight: 600; line-height: 1.3; text-align: center; text-decoration: none;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: 8px; cursor: pointer;
}
button:hover, .button:hover { color: var(--on-accent); background: var(--accent-strong); border-color: var(--accent-strong); }
.narrow form > button, .narrow .button { display: block; width: 100%; }
.secondary { color: var(--text); background: transparent; border-color: var(--edge); }
.secondary:hover { color: var(--text); background: var(--accent-soft); border-color: var(--accent); }
.small { padding: .4rem .9rem; font-size: .9rem; }
.quiet { padding: .25rem 0; color: var(--muted); background: none; border: 0; font-weight: 400; text-decoration: underline; text-underline-offset: .18em; }
.quiet:hover { color: var(--text); background: none; }
nav form { margin: 0; flex: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
input:focus-visible { outline-offset: -1px; border-color: var(--accent); }
.or { display: flex; align-items: center; gap: .9rem; margin: 1.25rem 0; color: var(--muted); font-size: .9rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.alert, .done { padding: .8rem 1rem; border: 1px solid; border-radius: 8px; }
.alert { color: var(--bad); background: var(--bad-soft); border-color: var(--bad-line); }
.done { color: var(--good); background: var(--good-soft); border-color: var(--good-line); }
dl { margin: 0 0 1.5rem; }
dl div { display: grid; grid-template-columns: 6.5rem 1fr; gap: .25rem 1rem; padding: .55rem 0; border-bottom: 1px solid var(--line); }
dl div:last-child { border-bottom: 0; }
dt { color: var(--muted); }
dd { margin: 0; }
dd .hint { display: block; }
@media (min-width: 22rem) { dd time { white-space: nowrap; } }
[hidden] { display: none; }
.agent { font-size: .85rem; }
.shown-code { margin: 1.25rem 0; padding: .9rem; background: var(--accent-soft); border-radius: 8px; font-size: 1.75rem; font-weight: 650; letter-spacing: .12em; text-align: center; }
.choice { display: grid; gap: .75rem; }
.rows { margin: 0 0 1rem; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: 8px; }
.rows li { display: flex; align-items: center; justify-content: space-between; gap: .75rem 1rem; padding: .8rem 1rem; }
.rows li + li { border-top: 1px solid var(--line); }
.rows p { margin: 0; }
.rows form { margin: 0; flex: none; }
.session .agent { color: var(--muted); font-size: .8rem; margin: .2rem 0; }
.name { font-weight: 600; }
.tag { display: inline-block; padding: .1rem .6rem; color: var(--muted); border: 1px solid var(--line); border-radius: 1rem; font-size: .82rem; white-space: nowrap; }
.current { color: var(--accent); border-color: var(--accent); }
@media (forced-colors: active) { .mark rect { fill: CanvasText; } .mark path { fill: Canvas; } }
`;

/** Its name has its hash, so that browsers may keep it for ever. */
export const STYLESHEET_PATH = `/assets/outkit-${hash('sha256', STYLESHEET, 'hex').slice(0, 16)}.css`;
