/** Maps with at most `concurrency` calls under way; results keep the order of the inputs. */
export async function mapBounded<I, O>(
  inputs: readonly I[],
  concurrency: number,
  work: (input: I, index: number) => Promise<O>,
): Promise<O[]> {
  const outputs = new Array<O>(inputs.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < inputs.length) {
      const index = next++;
      outputs[index] = await work(inputs[index] as I, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, inputs.length) }, worker));
  return outputs;
}
