import { elementOf } from '/blocks.js';
import { readStream } from '/outkit/stream.js';

const byId = (id) => document.getElementById(id);

byId('text').value = await (await fetch('/sample.md')).text();

/** Stands in for the sign-in that your app has. */
byId('sign-in').addEventListener('click', async () => {
  await fetch('/sign-in', { method: 'POST' });
  byId('sign-in').disabled = true;
});

byId('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [answer, problem] = [byId('answer'), byId('problem')];
  answer.replaceChildren();
  problem.textContent = '';
  try {
    const response = await fetch('/api/outkit', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ content: byId('text').value }),
    });
    for await (const item of readStream(response)) {
      if (item.type === 'block') answer.append(elementOf(item.block));
      else for (const [name, value] of Object.entries(item.design)) answer.style.setProperty(name, value);
    }
  } catch (error) {
    problem.textContent = error.message;
  }
});
