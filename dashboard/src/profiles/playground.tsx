import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { MAX_PREVIEW_BYTES, type Preview } from '../../../src/core/preview-service.ts';
import type { DesignTokens } from '../../../src/core/profile.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { holdsSecret } from '../../../src/core/secret.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import controls from '../controls/controls.module.css';
import { CopyButton } from '../controls/copy-button.tsx';
import { Loading } from '../controls/loading.tsx';
import { Problem } from '../controls/problem.tsx';
import { previewQuery } from '../server/queries.ts';
import { profilesTexts } from '../texts/profiles.ts';
import { Blocks } from './blocks/blocks.tsx';
import { curlCommand } from './curl-command.ts';
import styles from './profiles.module.css';

const words = profilesTexts.playground;
const VIEWS = ['blocks', 'json', 'curl'] as const;
type View = (typeof VIEWS)[number];
const VIEW_OPTIONS = VIEWS.map((value) => ({ value, label: words.views[value] }));
/** Whoever types is asked for nothing yet. */
const PAUSE_MS = 400;

interface PlaygroundProps {
  readonly profile: ProfileSummary;
  /** As it would be saved now. */
  readonly design: DesignTokens;
}

/** A text, and what the renderer makes of it. The server renders: no key is in this browser, and none is used. */
export function Playground({ profile, design }: PlaygroundProps) {
  const [content, setContent] = useState<string>(words.sample);
  const [view, setView] = useState<View>('blocks');
  const rested = useRested(content);
  const refusal = refusalOf(rested);
  // A question is kept with its text, also one that is not asked.
  const asked = refusal === null ? rested : '';
  const preview = useQuery({
    ...previewQuery(profile.id, asked),
    enabled: refusal === null && profile.archivedAt === null,
  });
  if (profile.archivedAt !== null) return null;
  return (
    <section className={styles.panel} aria-labelledby="playground">
      <div className={styles.panelHead}>
        <h2 id="playground">{words.title}</h2>
        <Choice label={words.view} value={view} options={VIEW_OPTIONS} onChange={setView} />
      </div>
      <p className={controls.hint}>{words.text}</p>
      <textarea
        className={`${controls.input} ${styles.content}`}
        aria-label={words.content}
        spellCheck={false}
        value={content}
        onChange={(event) => setContent(event.currentTarget.value)}
      />
      <div className={styles.contentFoot}>
        <Button kind="quiet" disabled={content === words.sample} onClick={() => setContent(words.sample)}>
          {words.reset}
        </Button>
        <span role="status">{preview.data === undefined ? null : words.counted(preview.data.blocks.length)}</span>
      </div>
      {refusal !== null ? (
        <p role="alert">{refusal}</p>
      ) : preview.data !== undefined ? (
        <Shown view={view} preview={{ ...preview.data, design }} content={rested} />
      ) : preview.isError ? (
        <Problem error={preview.error} onRetry={() => void preview.refetch()} />
      ) : (
        <Loading />
      )}
    </section>
  );
}

/** Why a text is not sent; `null` when it is. */
function refusalOf(content: string): string | null {
  if (holdsSecret(content)) return words.holdsKey;
  return new TextEncoder().encode(content).length > MAX_PREVIEW_BYTES ? words.tooLong(MAX_PREVIEW_BYTES) : null;
}

interface ShownProps {
  readonly view: View;
  readonly preview: Preview;
  readonly content: string;
}

function Shown({ view, preview, content }: ShownProps) {
  if (view === 'blocks') return <Blocks {...preview} />;
  const isJson = view === 'json';
  const text = isJson ? JSON.stringify(preview, null, 2) : curlCommand(location.origin, content);
  const label = isJson ? words.json : words.command;
  return (
    <>
      <div className={styles.contentFoot}>
        <span className={controls.hint}>{isJson ? label : words.key}</span>
        <CopyButton text={text} label={label} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard. */}
      <section className={styles.code} tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
    </>
  );
}

/** What a value has been for a moment. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
