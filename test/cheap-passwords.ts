import { randomBytes, scrypt } from 'node:crypto';

// Stands in for `better-auth/crypto` where tests run our source: the same function, form and checks, with a thousandth of the work.
const COST = { N: 16, r: 16, p: 1 };

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString('hex');
  return `${salt}:${await derive(password, salt)}`;
}

export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [salt, key] = hash.split(':');
  if (!salt || !key) throw new Error('Invalid password hash');
  return (await derive(password, salt)) === key;
}

function derive(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 64, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key.toString('hex'));
    });
  });
}
