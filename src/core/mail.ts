/** A text to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Resolves to whether the mail was taken. Never rejects. */
export type SendMail = (mail: Mail) => Promise<boolean>;
