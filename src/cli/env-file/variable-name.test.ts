import { expect, test } from 'vitest';
import { checkVariableName } from './variable-name.ts';

test.each(['OUTKIT_API_KEY', '_KEY', 'k', 'MY_PATH', 'PUBLICATION_KEY', 'INVITE_KEY', 'NODEMAILER_KEY'])(
  'accepts %s',
  (name) => {
    expect(checkVariableName(name)).toBeUndefined();
  },
);

test.each(['', 'A=B', '1A', 'é', 'A B', 'A-B', 'A.B', 'A\nB', '$A', 'A\0', 'export A', '"A"'])(
  'refuses %j, which is no name',
  (name) => {
    expect(checkVariableName(name)).toMatchObject({ reason: 'variable-name' });
  },
);

test.each([
  ...['NEXT_PUBLIC_KEY', 'VITE_KEY', 'PUBLIC_KEY', 'REACT_APP_KEY', 'NUXT_PUBLIC_KEY', 'EXPO_PUBLIC_KEY', 'GATSBY_KEY'],
  ...['VUE_APP_KEY', 'STORYBOOK_KEY', 'NX_PUBLIC_KEY', 'NG_APP_KEY', 'RENDERER_VITE_KEY', 'next_public_key'],
])('refuses %s, which browsers get', (name) => {
  expect(checkVariableName(name)).toMatchObject({ reason: 'browser-variable' });
});

test.each([
  ...[
    'PATH',
    'Path',
    'NODE_OPTIONS',
    'NODE_PATH',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'BASH_ENV',
    'ENV',
  ],
  ...[
    'IFS',
    'PYTHONPATH',
    'RUBYOPT',
    'PERL5LIB',
    'JAVA_TOOL_OPTIONS',
    'GIT_SSH_COMMAND',
    'npm_config_registry',
    'GLIBC_TUNABLES',
  ],
])('refuses %s, which loaders read', (name) => {
  expect(checkVariableName(name)).toMatchObject({ reason: 'loader-variable' });
});
