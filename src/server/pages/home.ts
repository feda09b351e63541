import type { Me, TeamSummary } from '../../core/people-service.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { Notice } from './page-context.ts';
import { type PageRoute, signedInRoute } from './page-route.ts';

/** The first page of browsers without scripts. */
export const PLAIN_HOME_PATH = '/home';

export const homeRoutes: readonly PageRoute[] = [
  signedInRoute('GET', PLAIN_HOME_PATH, PLAIN_HOME_PATH, async (visit, { me, publicUrl }, who) =>
    visit.show(homePage(who, await me(who).me(), { publicUrl, notice: visit.notice })),
  ),
];

export function notSetUpPage(): Page {
  const body = html`<h1>This server is new</h1>
<p>Nobody owns it yet. Its first owner comes in by the <strong>setup link</strong>, which the server writes to its output when it starts.</p>
<p>Look there, or in its log, for an address with <code>/setup?token=</code>, and open it in this browser.</p>`;
  return { title: 'Not set up yet', body };
}

function homePage(
  { person }: SignedIn,
  { teams }: Me,
  { publicUrl, notice }: { publicUrl: string; notice: Notice | null },
): Page {
  const body = html`${notice === 'joined' ? html`<p class="done" role="status">You are in.</p>` : null}
<h1>Hello, ${person.name}</h1>
<p class="lead">You are signed in as <strong>${person.email}</strong>.</p>
<section aria-labelledby="teams">
<h2 id="teams">Your teams</h2>
${teamList(teams)}
</section>
${teams.length === 0 ? null : html`<section aria-labelledby="keys"><h2 id="keys">Your keys</h2>${teams.some(({ role }) => role !== 'member') ? setUpProject(publicUrl) : seeKeys(publicUrl)}</section>`}
<p><a class="button" href="/">Dashboard</a> <a class="button secondary" href="/account">Password and sessions</a></p>`;
  return { title: 'Home', body, isWide: true };
}

function setUpProject(publicUrl: string): Html {
  return html`<p>Keys are managed with the <code>outkit</code> command. In the folder of your app:</p>
<pre><code>outkit login --api-url ${publicUrl}</code>
<code>outkit init</code></pre>
<p>The first asks for your consent here. The second sets the project up, with a key where your code reads it.</p>`;
}

/** What a member may: `init` would make a key. */
function seeKeys(publicUrl: string): Html {
  return html`<p>Keys are seen with the <code>outkit</code> command. In the folder of your app:</p>
<pre><code>outkit login --api-url ${publicUrl}</code>
<code>outkit keys list</code></pre>
<p>The first asks for your consent here. The second shows the keys of the project.</p>`;
}

function teamList(teams: readonly TeamSummary[]): Html {
  if (teams.length === 0) return html`<p>You are in no team. Ask an owner or admin of one for an invitation.</p>`;
  const rows = teams.map(
    ({ name, role }) => html`<li><span class="name">${name}</span> <span class="tag">${role}</span></li>`,
  );
  return html`<ul class="rows">${rows}</ul>
${teams.some(({ role }) => role !== 'member') ? null : html`<p class="hint">As a member you see keys; owners and admins change them.</p>`}`;
}
