import { type EnvFileRefusal, refuse } from './refusal.ts';

const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Bundlers copy variables with these prefixes into what browsers download. `PUBLIC_` inside a name covers NEXT_, NUXT_, EXPO_, NX_, … */
const BROWSER_PATTERN =
  /(?:^|_)PUBLIC_|^(?:RENDERER_|PRELOAD_)?VITE_|^(?:REACT|VUE|NG|TARO|UMI|MODERN)_APP_|^(?:GATSBY|STORYBOOK|WXT|MIX|PARCEL)_/;

/** Shells, dynamic linkers and language runtimes act on these, so a key in one of them changes how programs start. */
const LOADER_PATTERN =
  /^(?:LD|DYLD|GIT|NPM_CONFIG|NODE|BUN|DENO)_|^(?:PATH|PATHEXT|HOME|SHELL|USER|PWD|TMPDIR|TEMP|TMP|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PS[0-4]|CDPATH|COMSPEC|SYSTEMROOT|EDITOR|VISUAL|PAGER|BROWSER|GCONV_PATH|LOCPATH|GLIBC_TUNABLES|PYTHONPATH|PYTHONHOME|PYTHONSTARTUP|PERL5LIB|PERL5OPT|RUBYLIB|RUBYOPT|CLASSPATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS)$/;

/** Refuses a name that is no variable name, that browsers get, or that loaders read. Case is ignored, as Windows ignores it. */
export function checkVariableName(name: string): EnvFileRefusal | undefined {
  const tryThis = 'use --env-name OUTKIT_API_KEY.';
  if (!NAME_PATTERN.test(name)) {
    const what = 'A variable name has letters, digits and underscores only, and does not start with a digit.';
    return refuse('variable-name', what, tryThis);
  }
  const upperCase = name.toUpperCase();
  if (BROWSER_PATTERN.test(upperCase)) {
    return refuse('browser-variable', `${name} would be sent to browsers, which must never see the key.`, tryThis);
  }
  if (LOADER_PATTERN.test(upperCase)) {
    return refuse('loader-variable', `${name} is read by shells or program loaders and must not hold a key.`, tryThis);
  }
  return undefined;
}
