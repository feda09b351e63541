/** Words of the one time that a secret is shown. */
export const shownOnceTexts = {
  title: {
    created: (name: string) => `The key of ${name}`,
    rotated: (name: string) => `The new key of ${name}`,
  },
  text: 'This is the only time that it is shown. It was made in this browser, and the server does not know it.',
  secret: 'New key',
  oldUntil: (time: string) => `The old key is accepted until ${time}.`,
  oldEnded: 'The old key is refused from now on.',
  places: 'Where your app runs',
  place: { env: '.env.local', vercel: 'Vercel', docker: 'Docker', actions: 'GitHub Actions' },
  hint: {
    env: 'Your .gitignore has to name the file. Nothing of it belongs in code that browsers get.',
    vercel: 'It asks for the value: paste the key there, so that it stays out of the history of your shell.',
    docker: 'With the two lines for .env.local. An image that is built with a key keeps it in its layers.',
    actions: 'The command asks for the value: paste the key there. The lines are for the step that needs it.',
  },
  done: 'Done',
  ask: {
    title: 'Have you saved it?',
    text: 'When this closes the key is gone from here, and nobody can show it again.',
    back: 'Show it again',
    yes: 'Yes, close',
  },
} as const;
