async function save(): Promise<void> {
  throw new Error('lost');
}

export function place(): void {
  save();
}
