/** By which the first owner sets up a server. */
export function setupLink(publicUrl: string, token: string): string {
  return `${publicUrl}/setup?token=${token}`;
}

/** By which one person comes into a team. */
export function invitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/invitation/${token}`;
}

/** By which a person sets a new password. */
export function resetLink(publicUrl: string, token: string): string {
  return `${publicUrl}/reset?token=${token}`;
}
