export function place(save: () => void): void {
  try {
    save();
  } catch {}
}
