import { Bench } from 'tinybench';

/** Milliseconds of one call, and the processor time that it takes. */
export interface Timing {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}

/** Processor time of a process so far, in milliseconds. */
export type Cpu = () => number | Promise<number>;

export const ownCpu: Cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Repeats the call for some seconds, warmed up by as many calls at least; `cpu` is of the process that does the work. */
export async function measure(call: () => unknown, warmupIterations: number, cpu: Cpu = ownCpu): Promise<Timing> {
  let start = 0;
  let spent = 0;
  const bench = new Bench({
    time: 3000,
    iterations: 20,
    warmupTime: 1000,
    warmupIterations,
    setup: async () => {
      start = await cpu();
    },
    teardown: async () => {
      spent = (await cpu()) - start;
    },
  });
  bench.add('call', call);
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error('The measurement failed.', { cause: result });
  const { samplesCount: calls, p50, p99 } = result.latency;
  return { calls, p50, p99, cpu: spent / calls };
}
