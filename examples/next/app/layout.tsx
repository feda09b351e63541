import type { ReactNode } from 'react';
import { SignIn } from './sign-in';

export const metadata = { title: 'Blocks of an answer' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <SignIn />
        {children}
      </body>
    </html>
  );
}
