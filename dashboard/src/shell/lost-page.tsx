import { Link } from 'wouter';
import { buttonClass } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { texts } from '../texts.ts';

export function LostPage() {
  return (
    <Notice isPage title={texts.lost.title} text={texts.lost.text}>
      <Link className={buttonClass()} href="/keys">
        {texts.lost.home}
      </Link>
    </Notice>
  );
}
