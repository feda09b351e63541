import { Notice } from '../controls/notice.tsx';
import { texts } from '../texts.ts';

export function NoTeam() {
  return <Notice isPage title={texts.place.noTeam.title} text={texts.place.noTeam.text} />;
}
