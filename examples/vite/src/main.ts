import { followStream } from 'outkit/stream';
import '../../site/page.css';
import { elementOf } from '../../site/blocks.js';
import sample from '../../site/sample.md?raw';

const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const [text, answer, problem] = [byId<HTMLTextAreaElement>('text'), byId('answer'), byId('problem')];
text.value = sample;

/** Stands in for the sign-in that your app has. */
byId<HTMLButtonElement>('sign-in').addEventListener('click', async () => {
  await fetch('/sign-in', { method: 'POST' });
  byId<HTMLButtonElement>('sign-in').disabled = true;
});

byId('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  answer.replaceChildren();
  problem.textContent = '';
  try {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ content: text.value });
    await followStream(await fetch('/api/outkit', { method: 'POST', headers, body }), {
      onDesign: (design) => {
        for (const [name, value] of Object.entries(design)) answer.style.setProperty(name, value);
      },
      onBlock: (block) => answer.append(elementOf(block)),
    });
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : 'It did not work';
  }
});
