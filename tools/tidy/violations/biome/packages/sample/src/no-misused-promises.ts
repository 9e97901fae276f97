async function isSold(): Promise<boolean> {
  throw new Error('unknown');
}

export function answer(): string {
  const sold = isSold();
  if (sold) return 'sold';
  return 'free';
}
