import type { PlaintextSecret } from '../../../../src/core/secret.ts';

/**
 * Holds a plaintext for as long as somebody looks at it. Whatever else needs it holds the box: React, caches and closures keep what they
 * were given for longer than it is shown, and then the box is empty.
 */
export class SecretBox {
  #plaintext: PlaintextSecret;

  constructor(plaintext: PlaintextSecret) {
    this.#plaintext = plaintext;
  }

  /** Empty once it is forgotten. */
  read(): PlaintextSecret {
    return this.#plaintext;
  }

  forget(): void {
    this.#plaintext = '';
  }
}
