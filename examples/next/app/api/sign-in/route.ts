import { cookies } from 'next/headers';
import { startSession } from '../../sessions';

export async function POST(): Promise<Response> {
  (await cookies()).set('session', startSession(), { httpOnly: true, sameSite: 'strict' });
  return new Response(null, { status: 204 });
}
