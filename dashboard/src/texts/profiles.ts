import type { GatewayReport } from '../../../src/core/key-service.ts';
import { PLANS, type Plan } from '../../../src/core/profile.ts';
import { counted, number } from '../texts.ts';
import { keyLifeTexts } from './key-life.ts';

const NAMES: Readonly<Record<Plan, string>> = { free: 'Free', pro: 'Pro' };

function planOf(plan: Plan): string {
  const { rateLimitPerMinute, maxComponents } = PLANS[plan];
  return `${number(rateLimitPerMinute)} requests a minute for each key, and ${maxComponents} components in an answer.`;
}

/** What an assistant might answer, with one of most components. */
const SAMPLE = `# Which plan fits?

For a side project **Free** is enough. A shop needs *Pro*.

| Plan | Price | Requests a minute |
|------|------:|------------------:|
| Free | $0    | 10                |
| Pro  | $20   | 100               |

> [!TIP]
> Start free. You can change the plan at any time.

1. Create a key
2. Put it into your environment
3. Render your first answer

- [x] Choose a plan
- [ ] Create a key

\`\`\`sh
npx outkit init
\`\`\`
`;

/** Words of profiles, and of trying one out. */
export const profilesTexts = {
  title: 'Profiles',
  list: 'Profiles of this team',
  plans: { free: planOf('free'), pro: planOf('pro') },
  planNames: NAMES,
  archived: 'Archived',
  archivedText: (time: string) => `Archived on ${time}: its keys are refused, and it takes no changes.`,
  form: {
    title: 'Design and plan',
    name: 'Name',
    plan: 'Plan',
    tokens: 'Design tokens',
    tokensHint: 'CSS properties that each answer brings along. The preview has them before you save.',
    value: (token: string) => `Value of ${token}`,
    colour: (token: string) => `Colour of ${token}`,
    remove: (token: string) => `Take ${token} away`,
    newToken: 'New token',
    newTokenHint: 'Such as --outkit-muted.',
    add: 'Add token',
    save: 'Save changes',
    saving: 'Saving…',
    discard: 'Discard',
    saved: (gateways: GatewayReport) => `Saved: ${keyLifeTexts.inForce(gateways)}`,
    there: 'This token is there already.',
    member: 'Owners and admins of this team change profiles.',
  },
  archive: {
    open: 'Archive profile…',
    title: (name: string) => `Archive ${name}?`,
    text: 'Its keys are refused at once, everywhere and for ever. This cannot be undone.',
    keys: (active: number, hasMore: boolean) =>
      active === 0
        ? 'It has no active keys.'
        : `${hasMore ? 'More than ' : ''}${counted(active, 'active key')} will be refused.`,
    lastUse: (time: string) => `One of them was used ${time}.`,
    unused: 'None of them was ever used.',
    typeName: (name: string) => `Type ${name} to confirm`,
    archive: 'Archive it',
    archiving: 'Archiving…',
    done: (gateways: GatewayReport) => `Archived: ${keyLifeTexts.inForce(gateways)}`,
  },
  playground: {
    title: 'Preview',
    text: 'Paste what your AI answers, and see what the renderer makes of it. Nothing of it is kept or counted.',
    content: 'Text of an answer',
    sample: SAMPLE,
    reset: 'Sample text',
    views: { blocks: 'Blocks', json: 'JSON', curl: 'curl' },
    view: 'How it is shown',
    none: 'Nothing to render yet.',
    holdsKey: 'There is a key in this text, so it is not sent. Take it out.',
    tooLong: (bytes: number) => `A preview takes up to ${number(bytes)} bytes. The renderer takes more.`,
    counted: (blocks: number) => counted(blocks, 'block'),
    json: 'The answer as JSON',
    command: 'The request as a command',
    key: 'The command takes the key from your environment. Nothing of it belongs in a browser.',
  },
  blocks: {
    alert: { note: 'Note', tip: 'Tip', important: 'Important', warning: 'Warning', caution: 'Caution' },
    done: 'done',
    open: 'open',
    moreRows: (rows: number) => `and ${counted(rows, 'row')} more`,
    noValue: 'no value',
  },
} as const;
