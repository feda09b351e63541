import { Notice } from '../controls/notice.tsx';
import table from '../controls/table.module.css';
import { usePlace } from '../place/place.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { peopleTexts as words } from '../texts/people.ts';
import { Invitations } from './invitations.tsx';
import { InviteButton } from './invite-button.tsx';
import { Members } from './members.tsx';

/** Who is in the team, and who may come. */
export default function PeoplePage() {
  usePageTitle(words.title);
  const { me, team, may } = usePlace();
  if (team === null) return null;
  if (me.person === null) return <Notice isPage title={words.alone.title} text={words.alone.text} />;
  const mayChange = may('people.change');
  return (
    <>
      <div className={table.head}>
        <h1>{words.title}</h1>
        {mayChange ? <InviteButton team={team} /> : null}
      </div>
      <Members team={team} personId={me.person.id} />
      {mayChange ? <Invitations teamId={team.id} /> : null}
      <p className={table.section}>
        <a href="/account">{words.account}</a>
      </p>
    </>
  );
}
