import { buttonClass } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { texts } from '../texts.ts';

/** The server decides how to come in again, and leads back to this page. */
export function SessionEnded() {
  return (
    <main>
      <Notice isPage role="alert" title={texts.session.title} text={texts.session.text}>
        <a className={buttonClass('primary')} href={location.pathname}>
          {texts.session.again}
        </a>
      </Notice>
    </main>
  );
}
