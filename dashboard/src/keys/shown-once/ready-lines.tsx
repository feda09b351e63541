import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import type { Environment } from '../../../../src/core/environment.ts';
import { CopyButton } from '../../controls/copy-button.tsx';
import { shownOnceTexts as words } from '../../texts/shown-once.ts';
import {
  ADDRESS_LINE,
  DOCKER_COMMAND,
  KEY_ASSIGNMENT,
  SECRET_COMMAND,
  vercelCommand,
  WORKFLOW,
} from './ready-line-texts.ts';
import type { SecretBox } from './secret-box.ts';
import { SecretText } from './secret-text.tsx';
import styles from './shown-once.module.css';

const PLACES = ['env', 'vercel', 'docker', 'actions'] as const;

interface ReadyLinesProps {
  readonly secret: SecretBox;
  readonly environment: Environment;
}

/** How the secret gets to where an app runs. Only the env file has it in its lines: commands are kept in the history of a shell. */
export function ReadyLines({ secret, environment }: ReadyLinesProps) {
  return (
    <Tabs.Root defaultValue="env">
      <Tabs.List className={styles.tabs} aria-label={words.places}>
        {PLACES.map((place) => (
          <Tabs.Tab key={place} value={place} className={styles.tab}>
            {words.place[place]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Place name="env">
        <Lines text={() => `${KEY_ASSIGNMENT}${secret.read()}\n${ADDRESS_LINE}\n`} label={words.place.env}>
          <SecretText secret={secret} before={KEY_ASSIGNMENT} />
          <code>{ADDRESS_LINE}</code>
        </Lines>
      </Place>
      <Place name="vercel">
        <Command text={vercelCommand(environment)} />
      </Place>
      <Place name="docker">
        <Command text={DOCKER_COMMAND} />
      </Place>
      <Place name="actions">
        <Command text={SECRET_COMMAND} />
        <Command text={WORKFLOW} />
      </Place>
    </Tabs.Root>
  );
}

function Place({ name, children }: { readonly name: (typeof PLACES)[number]; readonly children: ReactNode }) {
  return (
    <Tabs.Panel value={name} className={styles.place}>
      {children}
      <p className={styles.hint}>{words.hint[name]}</p>
    </Tabs.Panel>
  );
}

function Command({ text }: { readonly text: string }) {
  return (
    <Lines text={() => text} label={text}>
      <code>{text}</code>
    </Lines>
  );
}

interface LinesProps {
  readonly text: () => string;
  readonly label: string;
  readonly children: ReactNode;
}

function Lines({ text, label, children }: LinesProps) {
  return (
    <div className={styles.lines}>
      <div className={styles.code}>{children}</div>
      <CopyButton text={text} label={label} />
    </div>
  );
}
