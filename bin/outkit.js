#!/usr/bin/env -S node --
// Runs on any Node: hands over to the Node that the package brings along when this one is too old.
// The two dashes above: Node takes an `--env-file` anywhere before them for its own, also behind the name of the script,
// and would read that file into our environment, or end because it is not there.

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  const { main } = await import('../dist/cli.js');
  await main();
} else {
  await handOver();
}

async function handOver() {
  // Loaded here: the usual start needs none of them, and they cost a fifth of it.
  const { spawn } = await import('node:child_process');
  const { existsSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const ownNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(ownNode)) {
    process.stderr.write(
      `Error: outkit needs Node 22.18 or newer; this is ${process.version}.\n  Try: install Node 24 LTS, then run the command again\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(ownNode, ['--', fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const forwarded of signals) process.removeAllListeners(forwarded);
    process.kill(process.pid, signal);
  });
}
