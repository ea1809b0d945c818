import { ServerInterceptingCall, ServerListenerBuilder, status, type ServerInterceptor } from '@grpc/grpc-js';

export interface TurnOptions {
  /** Path of the method whose calls take turns; all others go on at once. */
  readonly method: string;
  /** Calls of which the request is read or the answer is sent at one time. */
  readonly atOnce: number;
  /** Calls that wait for their turn; one more is refused. */
  readonly waiting: number;
  /** How long a turn may take, in which the request must arrive and the answer go out. */
  readonly milliseconds: number;
}

/**
 * Lets few calls in at one time. A call that waits has nothing read of its request, which flow control then keeps with
 * the caller: so what is in memory follows from the calls that are in, and not from all that are sent.
 */
export interface Turns {
  readonly interceptor: ServerInterceptor;
  /** Resolves when no call is under way any more, those that wait among them. */
  idle(): Promise<void>;
}

export function takeTurns(options: TurnOptions): Turns {
  let underWay = 0;
  let free = options.atOnce;
  const queue = new Set<() => void>();
  const idle: (() => void)[] = [];

  const letIn = (): void => {
    const [next] = queue;
    if (free === 0 || next === undefined) return;
    queue.delete(next);
    next();
  };
  const leave = (): void => {
    underWay -= 1;
    if (underWay === 0) for (const resolve of idle.splice(0)) resolve();
  };

  const interceptor: ServerInterceptor = (method, call) => {
    const turn = { begin: (): void => undefined, end: (): void => undefined };
    const wait = (proceed: () => void): void => {
      if (queue.size >= options.waiting) {
        call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: 'Too many calls wait for their turn.' });
        return;
      }
      turn.begin = () => {
        free -= 1;
        const late = setTimeout(() => {
          call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: `The call took ${options.milliseconds} ms.` });
          turn.end();
        }, options.milliseconds);
        turn.end = () => {
          turn.end = () => undefined;
          clearTimeout(late);
          free += 1;
          letIn();
        };
        proceed();
      };
      queue.add(turn.begin);
      letIn();
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, proceed) => {
        if (method.path !== options.method) proceed(metadata);
        else
          wait(() => {
            proceed(metadata);
          });
      })
      // Comes once for every call: when its caller is gone, or the last of its answer is.
      .withOnCancel(() => {
        queue.delete(turn.begin);
        turn.end();
        leave();
      })
      .build();
    return new ServerInterceptingCall(call, {
      start: (next) => {
        underWay += 1;
        next(listener);
      },
    });
  };
  return {
    interceptor,
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}
