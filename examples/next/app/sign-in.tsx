'use client';

import { useState } from 'react';

/** Stands in for the sign-in that your app has. */
export function SignIn() {
  const [isDone, setDone] = useState(false);
  const signIn = async () => {
    await fetch('/api/sign-in', { method: 'POST' });
    setDone(true);
  };
  return (
    <button type="button" id="sign-in" disabled={isDone} onClick={signIn}>
      Sign in
    </button>
  );
}
