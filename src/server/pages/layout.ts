import type { Person } from '../../core/accounts.ts';
import { type Html, html } from './html.ts';
import { STYLESHEET_PATH } from './stylesheet.ts';

/** A page without what all pages have. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Something went wrong: the title says so too, since that is what a screen reader reads first. */
  readonly isProblem?: boolean;
  readonly isWide?: boolean;
}

/** Whom the page is for, and the hidden field of their forms. */
export interface Viewer {
  readonly person: Person;
  readonly formToken: Html;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect width='24' height='24' rx='6' fill='%234338ca'/%3E%3Cpath d='M6 7h12v3H6zm0 5h7v5H6zm9 0h3v5h-3z' fill='white'/%3E%3C/svg%3E";

const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect width="24" height="24" rx="6"/><path d="M6 7h12v3H6zm0 5h7v5H6zm9 0h3v5h-3z"/></svg>`;

/** A whole document. */
export function layout({ title, body, isProblem = false, isWide = false }: Page, viewer: Viewer | null): Html {
  const width = isWide ? 'wide' : 'narrow';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${isProblem ? 'Problem: ' : ''}${title} · Outkit</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${STYLESHEET_PATH}">
</head>
<body>
<header class="top ${width}">
<a class="brand" href="/">${MARK}<span>Outkit</span></a>
${viewer === null ? null : navigation(viewer)}
</header>
<main class="${width}">
${body}
</main>
</body>
</html>
`;
}

function navigation({ person, formToken }: Viewer): Html {
  return html`<nav aria-label="Your account">
<a href="/account" title="${person.email}">${person.name}</a>
<form method="post" action="/sign-out">${formToken}<button class="quiet">Sign out</button></form>
</nav>`;
}
