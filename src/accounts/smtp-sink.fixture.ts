import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail server on loopback that takes everything, or answers commands as a test says. Speaks no TLS. */
export class SmtpSink {
  /** Each command line as it came, and each message as one text. */
  readonly commands: string[] = [];
  readonly messages: string[] = [];
  /** Answers by the command's first word, in place of the usual ones; `null` never answers. */
  readonly answers: Readonly<Record<string, string | null>>;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(answers: Readonly<Record<string, string | null>>) {
    this.answers = answers;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      void this.#serve(socket);
    });
  }

  static async start(answers: Readonly<Record<string, string | null>> = {}): Promise<SmtpSink> {
    const sink = new SmtpSink(answers);
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  async #serve(socket: Socket): Promise<void> {
    const answer = (word: string, usual: string) => {
      const text = this.answers[word] === undefined ? usual : this.answers[word];
      if (text !== null) socket.write(`${text}\r\n`);
    };
    answer('greeting', '220 sink');
    let message: string[] | null = null;
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (message === null) {
        this.commands.push(line);
        const word = line.split(' ', 1)[0]?.toUpperCase() ?? '';
        if (word === 'DATA') message = [];
        answer(word, word === 'DATA' ? '354 go on' : word === 'EHLO' ? '250 sink' : '250 ok');
      } else if (line === '.') {
        this.messages.push(message.join('\n'));
        message = null;
        answer('message', '250 taken');
      } else message.push(line);
    }
  }
}
