type Status = 'pending' | 'confirmed';

export function title(status: Status): string {
  switch (status) {
    case 'pending':
      return 'Waiting';
  }
  return '';
}
